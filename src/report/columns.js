/**
 * Lays a trace out by lanes. A task's first lane has the task's name; each further one (a `Promise.all` in one task
 * has several) the name and its number. What runs in no task shares a column for its kind.
 */
export function layOut(trace) {
    const columns = new Columns(trace.steps);
    const rows = [];
    for (const [i, s] of trace.steps.entries()) {
        // An external's completion and the resumption that follows at once are one step, and so one row.
        const before = trace.steps[i - 1];
        if (before?.step === s.step)
            continue;
        rows.push({ step: s.step, time: s.time, column: columns.of(s), text: words(s), preemption: s.preemption });
    }
    return { columns: columns.names, rows };
}
class Columns {
    names = [];
    #columns = new Map();
    #tasks = new Map();
    #lanesOf = new Map();
    constructor(steps) {
        for (const s of steps) {
            if (s.lane !== undefined && s.task !== undefined && !this.#tasks.has(s.lane))
                this.#tasks.set(s.lane, s.task);
        }
    }
    of(s) {
        const task = s.lane === undefined ? undefined : this.#tasks.get(s.lane);
        const key = task === undefined ? s.kind : `lane ${s.lane}`;
        const known = this.#columns.get(key);
        if (known !== undefined)
            return known;
        this.#columns.set(key, this.names.length);
        return this.names.push(task === undefined ? nameOfKind(s.kind) : this.#nextLane(task)) - 1;
    }
    #nextLane(task) {
        const n = (this.#lanesOf.get(task) ?? 0) + 1;
        this.#lanesOf.set(task, n);
        return n === 1 ? task : `${task}·${n}`;
    }
}
function nameOfKind(kind) {
    switch (kind) {
        case 'handle':
            return 'callbacks';
        case 'external':
            return 'outside';
        case 'clock':
            return 'clock';
        case 'value':
            return 'choose';
    }
}
function words(s) {
    if (s.kind === 'clock')
        return 'time passes';
    if (s.kind === 'value') {
        const of = s.choice === undefined ? '' : `option ${s.choice.pick + 1} of ${s.choice.options.length}`;
        return `${s.label ?? 'choose'}: ${of}`;
    }
    return s.label ?? (s.kind === 'external' ? 'an external operation' : 'a callback');
}
