import { expect, test } from 'vitest'
import { ru } from '../i18n/ru.ts'
import { type Ended, endText } from './end-text.ts'

test.each<[Ended['reason'], Ended['outcome'], string]>([
  ['ended', null, 'Звонок завершён'],
  ['ended', 'ended', 'Звонок завершён'],
  ['ended', 'declined', 'Звонок отклонён'],
  ['ended', 'missed', 'Никто не ответил'],
  ['removed', null, 'Вас удалили из звонка'],
  ['lost', null, 'Не удалось связаться с сервером звонков'],
])('says why a call is over: %s, %s', (reason, outcome, expected) => {
  expect(endText(ru, { status: 'ended', reason, outcome })).toBe(expected)
})
