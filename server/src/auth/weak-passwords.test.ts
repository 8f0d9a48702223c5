import { expect, test } from 'vitest'
import { isWeak } from './weak-passwords.ts'

const names = ['anna.k', 'Анна Каренина']

test.each([
  ...['password', 'Password123!', 'P@ssw0rd', '123456789', '87654321', 'qwertyuiop', 'йцукенгш'],
  ...['aaaaaaaa', '12341234', 'iloveyou1', '!!admin!!', '19841984', '31121999', 'anna.k', 'Anna.K'],
  ...['анна каренина', '1q2w3e4r', 'Qwerty12345', 'пароль123', 'beseda2026'],
])('%j is weak', (password) => {
  expect(isWeak(password, names, true)).toBe(true)
})

test.each([
  ...['password', 'Password', '12345678', 'qwertyuiop', 'aaaaaaaa', 'iloveyou', 'Anna.K'],
])('%j is weak even where a server is only tried', (password) => {
  expect(isWeak(password, names, false)).toBe(true)
})

test.each(['password123', 'Passw0rd!'])('%j is not, there', (password) => {
  expect(isWeak(password, names, false)).toBe(false)
})

test.each([
  'a long password',
  'anna-is-my-password',
  'correct horse battery staple',
  'vK3#pX9q',
  'мой дядя самых честных правил',
  '🦊🐻🐼🐨🐯🦁🐮🐷',
])('%j is not', (password) => {
  expect(isWeak(password, names, true)).toBe(false)
})
