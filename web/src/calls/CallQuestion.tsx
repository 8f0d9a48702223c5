import { useI18n } from '../i18n/i18n.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import type { Question } from './desk.ts'

/** One call at a time: asks whether to leave the other, or to move this one here. */
export function CallQuestion(props: { question: Question }) {
  const { t } = useI18n()
  const words = () =>
    props.question.about === 'move' ? t().calls.moveQuestion : t().calls.leaveQuestion
  return (
    <Confirm
      title={words().title}
      text={words().text}
      action={words().action}
      onConfirm={async () => {
        props.question.answer(true)
        return true
      }}
      onClose={() => props.question.answer(false)}
    />
  )
}
