/** Checks a number in a strategy's options. @throws RangeError naming the option */
export function whole(option, n, least) {
    if (!Number.isInteger(n) || n < least) {
        throw new RangeError(`${option} must be a whole number of at least ${least}, not ${String(n)}`);
    }
    return n;
}
