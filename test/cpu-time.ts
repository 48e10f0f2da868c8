/**
 * Milliseconds of CPU that this process spends on something. Other programs of the machine do not count, so a bound on it
 * says something of the code where a bound on the clock would say something of the machine.
 */
export async function cpuTimeOf(work: () => unknown): Promise<number> {
  const started = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}
