import { useFeedback } from './feedback.ts'

/** Runs a request; whether it went through. What failed is said in a toast. */
export function useAttempt(): (work: () => Promise<unknown>) => Promise<boolean> {
  const feedback = useFeedback()
  return async (work) => {
    try {
      await work()
      return true
    } catch (error) {
      feedback.failed(error)
      return false
    }
  }
}
