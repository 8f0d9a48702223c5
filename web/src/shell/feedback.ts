import { useI18n } from '../i18n/i18n.tsx'
import { sayDone, sayError, sayUndoable } from '../ui/Toast.tsx'
import { errorText } from './error-text.ts'

/** Toasts in the reader's language. */
export function useFeedback() {
  const { t } = useI18n()
  return {
    done: (text: string) => sayDone(text, t().app.close),
    failed: (error: unknown) => sayError(errorText(t(), error), t().app.close),
    /** Say what was done for a while in which it can be taken back. */
    undoable: (text: string, label: string, durationMs: number, onUndo: () => void) =>
      sayUndoable({ text, label, durationMs, onUndo }),
    problem: (text: string) => sayError(text, t().app.close),
  }
}

export type Feedback = ReturnType<typeof useFeedback>
