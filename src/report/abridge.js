/** A schedule of so many rows is shown in full. */
const FULL = 50;
/** Where it is still too long without the middles of its runs: so much of its beginning and of its end is shown. */
const FIRST = 15;
const LAST = 35;
/** So many switches are shown of those between, the last ones. */
const SWITCHES = 20;
/**
 * The rows to show; a number stands for so many that are left out. Where one lane runs on and on, nothing is decided:
 * the middles of such runs go first.
 */
export function abridge(rows) {
    if (rows.length <= FULL)
        return [...rows];
    const ends = [...rows.keys()].filter((i) => !inMiddleOfRun(rows, i));
    if (ends.length <= FULL)
        return only(rows, new Set(ends));
    const middle = ends.slice(FIRST, -LAST);
    const switches = middle.filter((i) => rows[i]?.preemption).slice(-SWITCHES);
    return only(rows, new Set([...ends.slice(0, FIRST), ...switches.flatMap((i) => [i - 1, i]), ...ends.slice(-LAST)]));
}
function inMiddleOfRun(rows, i) {
    const column = rows[i]?.column;
    return rows[i - 1]?.column === column && rows[i + 1]?.column === column && rows[i]?.preemption !== true;
}
function only(rows, kept) {
    const shown = [];
    for (const [i, row] of rows.entries()) {
        const before = shown.at(-1);
        if (kept.has(i))
            shown.push(row);
        else if (typeof before === 'number')
            shown[shown.length - 1] = before + 1;
        else
            shown.push(1);
    }
    return shown;
}
