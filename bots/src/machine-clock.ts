/**
 * Milliseconds of a clock that all processes of this machine share and nobody sets: the kernel's
 * monotonic one. `performance.now()` is the same clock, but counts from each process's own start.
 */
export const machineNow = () => Number(process.hrtime.bigint()) / 1e6
