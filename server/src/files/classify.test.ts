import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { samples } from '../testing/samples.ts'
import { classify } from './classify.ts'
import { sniff } from './sniff.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'beseda-test-sniff-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function judge(sample: keyof typeof samples, name: string, declaredType: string) {
  const path = join(folder, 'sample')
  await writeFile(path, samples[sample])
  return classify({ name, declaredType, sniffedType: await sniff(path) })
}

const plain = { kind: 'file', mimeType: 'application/octet-stream' }

describe('bytes decide what a file is', () => {
  test.each([
    ['mp4', 'clip.mp4', 'video/mp4', { kind: 'video', mimeType: 'video/mp4' }],
    ['mp4', 'clip.MOV', 'video/quicktime', { kind: 'video', mimeType: 'video/mp4' }],
    ['mp4', 'no name', '', { kind: 'video', mimeType: 'video/mp4' }],
    ['mp4', 'notes.txt', 'text/plain', { kind: 'video', mimeType: 'video/mp4' }],
    ['mp4', 'song.m4a', 'audio/x-m4a', { kind: 'audio', mimeType: 'audio/mp4' }],
    ['m4a', 'song.m4a', 'audio/mp4', { kind: 'audio', mimeType: 'audio/mp4' }],
    ['webm', 'clip.webm', 'video/webm', { kind: 'video', mimeType: 'video/webm' }],
    ['webm', 'voice.webm', 'audio/webm;codecs=opus', { kind: 'audio', mimeType: 'audio/webm' }],
    ['mp3', 'song.mp3', 'audio/mpeg', { kind: 'audio', mimeType: 'audio/mpeg' }],
    ['ogg', 'song.opus', 'audio/ogg', { kind: 'audio', mimeType: 'audio/ogg' }],
    ['wav', 'song.wav', 'audio/x-wav', { kind: 'audio', mimeType: 'audio/wav' }],
    ['pdf', 'paper.pdf', 'application/pdf', plain],
    ['zip', 'all.zip', 'application/x-zip-compressed', plain],
    ['zip', 'letter.docx', '', plain],
    ['gzip', 'all.tar.gz', 'application/gzip', plain],
    ['sevenZip', 'all.7z', '', plain],
    ['rar', 'all.rar', 'application/vnd.rar', plain],
    ['exe', 'setup.exe', 'application/x-msdownload', plain],
    ['html', 'page.html', 'text/html', plain],
    ['svg', 'drawing.svg', 'image/svg+xml', plain],
    ['text', 'script.js', 'text/javascript', plain],
    ['text', 'program.ts', 'video/mp2t', plain],
  ] as const)('%s as %s, %s', async (sample, name, declared, expected) => {
    expect(await judge(sample, name, declared)).toEqual(expected)
  })
})

describe('a disguise is refused in words', () => {
  test.each([
    ['html', 'me.png', '', 'named .png, but is no PNG'],
    ['svg', 'me.png', 'image/png', 'named .png, but is no PNG'],
    ['exe', 'photo.JPG', 'image/jpeg', 'named .jpg, but is no JPEG'],
    ['text', 'clip.mp4', 'video/mp4', 'named .mp4, but is no MPEG-4 or QuickTime file'],
    ['html', 'song.mp3', '', 'named .mp3, but is no MP3'],
    ['webm', 'song.mp3', '', 'named .mp3, but is no MP3'],
    ['exe', 'paper.pdf', 'application/pdf', 'named .pdf, but is no PDF'],
    ['rar', 'all.zip', '', 'named .zip, but is no ZIP'],
    ['html', 'no name', 'image/png', 'declared as image/png, but is no PNG'],
    ['text', 'notes.txt', 'Video/MP4; codecs=avc1', 'declared as video/mp4, but'],
  ] as const)('%s as %s, %s', async (sample, name, declared, words) => {
    await expect(judge(sample, name, declared)).rejects.toMatchObject({
      code: 'FILE_TYPE',
      message: expect.stringContaining(words),
    })
  })
})
