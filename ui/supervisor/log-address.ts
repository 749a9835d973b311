/* Where the log was left, so that a call's page leads back to the same calls. */
let last = '#/log';

export function keepLogAddress(address: string): void {
  last = address;
}

export function lastLogAddress(): string {
  return last;
}
