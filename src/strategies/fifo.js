/** The one order that CPython's asyncio would give: a single schedule. */
export function fifo() {
    return {
        name: 'fifo',
        begin: (run) => run.schedule === 1,
        pick: () => 0,
        pickOf: () => 0,
    };
}
