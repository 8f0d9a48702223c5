import { hash } from 'node:crypto'

const modulus = 1n << 256n

/**
 * Sums the SHA-256 of rows, so that two tables can be compared whatever the order in which they
 * are read: PostgreSQL promises none, and each server sorts words by its own locale.
 */
export function makeDigest() {
  let sum = 0n
  let rows = 0
  return {
    add(row: string) {
      sum = (sum + BigInt(`0x${hash('sha256', row, 'hex')}`)) % modulus
      rows += 1
    },
    result: () => ({ rows, digest: sum.toString(16).padStart(64, '0') }),
  }
}
