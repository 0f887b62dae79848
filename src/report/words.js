import { swimlanes } from './swimlanes.js';
/** A failure as the user reads it: what failed, where among the schedules, the picture, how to replay it. */
export function describeFailure(failure, context) {
    return [
        headline(failure),
        '',
        `  ${found(failure, context)}; ${size(context.after)}`,
        ...shrunk(context),
        '',
        swimlanes(failure.trace),
        ...(failure.kind === 'deadlock' ? ['  each lane went no further than its last line'] : []),
        '',
        `  token   ${failure.token}`,
        `  replay  ${howToReplay(context)}`,
    ].join('\n');
}
function headline({ error, kind }) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${shown(error)}`;
    switch (kind) {
        // Told by errors of ours, which say it all.
        case 'error':
        case 'deadlock':
        case 'leak':
        case 'step-limit':
            return text;
        case 'unhandled':
            return `${text}\n  unhandled: nobody awaited what failed`;
        default:
            return `${kind}: ${text}`;
    }
}
function shown(thrown) {
    if (typeof thrown !== 'object' || thrown === null)
        return String(thrown);
    try {
        return JSON.stringify(thrown);
    }
    catch {
        return Object.prototype.toString.call(thrown);
    }
}
function found(failure, { strategy }) {
    return strategy === 'replay' ? 'replayed' : `schedule ${failure.schedule}, found by ${strategy}`;
}
function size({ switches, picks }) {
    const order = picks === 0 ? 'in FIFO order' : `${count(picks, 'pick', 'picks')} off FIFO`;
    return `${count(switches, 'switch', 'switches')}, ${order}`;
}
function shrunk({ before, after, incomplete }) {
    if (before.switches === after.switches && before.picks === after.picks)
        return [];
    return [`  minimised from ${size(before)}${incomplete ? ', as far as its budget went' : ''}`];
}
function howToReplay({ name }) {
    const byHand = 'await replay(body, token)';
    return name === '' ? byHand : `HEDDLE_REPLAY=<token> on the test ${JSON.stringify(name)}, or ${byHand}`;
}
function count(n, one, many) {
    return `${n} ${n === 1 ? one : many}`;
}
