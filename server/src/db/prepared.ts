import type { Database, Transaction } from './database.ts'

/**
 * Have a statement built once for each database and not at every use, for what is asked all the
 * time. For a transaction it is built anew.
 */
export function prepared<Statement>(build: (db: Database | Transaction) => Statement) {
  const built = new WeakMap<Database | Transaction, Statement>()
  return (db: Database | Transaction): Statement => {
    const known = built.get(db)
    if (known !== undefined) return known
    const statement = build(db)
    built.set(db, statement)
    return statement
  }
}
