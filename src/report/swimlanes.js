import { abridge } from './abridge.js';
import { layOut } from './columns.js';
/** Terminals are at least this wide, more or less. */
const WIDTH = 100;
/** How long a cell may be: the first that fits. */
const CELLS = [40, 28, 20, 14];
/**
 * A schedule as text: a column a lane, a line a step, time down the side. `*` marks a switch away from a lane that
 * could go on. Where there are too many lanes for a terminal, each line says its lane instead.
 */
export function swimlanes(trace) {
    const table = layOut(trace);
    const shown = abridge(table.rows);
    return [...(inColumns(table, shown) ?? asList(table, shown)), legend(shown)].join('\n');
}
/** Null if it does not fit. */
function inColumns(table, shown) {
    const rows = shown.filter((r) => typeof r !== 'number');
    const used = [...table.columns.keys()].filter((c) => rows.some((r) => r.column === c));
    const names = used.map((c) => table.columns[c]);
    for (const cell of CELLS) {
        const widths = used.map((c, i) => {
            const cells = rows.filter((r) => r.column === c).map((r) => clip(r.text, cell).length);
            return Math.max(...cells, names[i].length);
        });
        const cellsOf = (r) => used.map((c) => (c === r.column ? clip(r.text, cell) : ''));
        const lines = [
            line('step', 'time', names, widths),
            ...shown.map((r) => (typeof r === 'number' ? gap(r) : rowLine(r, cellsOf(r), widths))),
        ];
        if (lines.every((l) => l.length <= WIDTH))
            return lines;
    }
    return null;
}
function asList(table, shown) {
    const names = shown.map((r) => (typeof r === 'number' ? '' : clip(table.columns[r.column], 28)));
    const widths = [Math.max('lane'.length, ...names.map((n) => n.length)), 0];
    return [
        line('step', 'time', ['lane', ''], widths),
        ...shown.map((r, i) => typeof r === 'number' ? gap(r) : rowLine(r, [names[i], clip(r.text, 50)], widths)),
    ];
}
function legend(shown) {
    const cells = '  a cell names what its step had waited for';
    if (!shown.some((r) => typeof r !== 'number' && r.preemption))
        return cells;
    return `${cells}; * a switch: the lane before could have gone on`;
}
function gap(n) {
    return `     … ${n} more ${n === 1 ? 'step' : 'steps'}`;
}
function rowLine(r, cells, widths) {
    return line(`${r.preemption ? '*' : ''}${r.step}`, seconds(r.time), cells, widths);
}
function line(step, time, cells, widths) {
    const row = cells.map((c, i) => c.padEnd(widths[i])).join('  ');
    return `  ${step.padStart(4)}  ${time.padStart(6)}  ${row}`.trimEnd();
}
function seconds(t) {
    return t === 0 ? '0' : `${Number(t.toFixed(6))} s`;
}
function clip(text, width) {
    const flat = text.replaceAll(/\s+/g, ' ');
    return flat.length > width ? `${flat.slice(0, width - 1)}…` : flat;
}
