/**
 * Loaded into every child before its own code. A child ends by itself when its
 * launcher is gone; one that hangs while it tries is ended here.
 */

/** As long as the launcher itself would have waited. */
const PATIENCE_MS = 10_000

process.on('disconnect', () => {
  setTimeout(() => process.exit(1), PATIENCE_MS).unref()
})
