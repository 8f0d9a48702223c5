import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { envFile } from '../env-file.ts'
import { messageOf, StartError } from '../start-error.ts'
import type { Proposal } from './address.ts'
import { type Answers, nextSteps, questions, settingsFor } from './answers.ts'

/** What was said on the command line. */
export type Given = {
  [Name in keyof typeof questions]?: string | undefined
} & {
  behindProxy?: boolean | undefined
  monitoring?: boolean | undefined
  /** Take what is proposed without asking. */
  yes?: boolean | undefined
}

export type SetupDeps = {
  /** Written by this, never overwritten. */
  file: string
  given: Given
  workers: number
  /** Ask the person, with what an empty answer means; nothing where nobody can answer. */
  ask?: ((question: string, proposal: string) => Promise<string>) | undefined
  say: (line: string) => void
  /** Where this machine is found on the internet. */
  propose: (domain: string) => Promise<Proposal>
}

/**
 * Ask what a host must know, make secrets and write `.env`.
 *
 * @throws StartError when the file is there, or an answer is missing or wrong on the command line
 */
export async function setup({ file, given, workers, ask, say, propose }: SetupDeps): Promise<void> {
  const answer = makeAnswer({ given, ask, say })
  const domain = await answer('domain', 'Domain of the host', '')
  const email = await answer('email', 'E-mail for the certificate authority', `admin@${domain}`)
  const { addresses, note } = await propose(domain)
  if (note) say(note)
  const address = await answer('address', 'Public address', addresses.join(','))
  const mode = 'Who may sign up: open, invite or closed'
  const registration = await answer('registration', mode, 'invite')
  const { behindProxy = false, monitoring = false } = given
  const answers: Answers = {
    domain,
    email,
    address,
    registration,
    behindProxy,
    monitoring,
    workers,
  }
  await write(file, answers)
  say(`${file} is written, with secrets of its own: keep a copy where the backups are.`)
  say(nextSteps(answers))
}

function makeAnswer({ given, ask, say }: Pick<SetupDeps, 'given' | 'ask' | 'say'>) {
  return async function answer<Name extends keyof typeof questions>(
    name: Name,
    question: string,
    proposal: string,
  ): Promise<Answers[Name]> {
    const schema = questions[name]
    let typed = given[name]
    const quiet = typed !== undefined || ask === undefined || (given.yes && proposal !== '')
    for (;;) {
      if (typed === undefined)
        typed = quiet ? proposal : (await ask?.(question, proposal)) || proposal
      const parsed = schema.safeParse(typed)
      if (parsed.success) return parsed.data as Answers[Name]
      const reason = `${question} ${parsed.error.issues[0]?.message}`
      if (quiet) throw new StartError(`${reason}: give it with --${name}.`)
      say(`${reason}.`)
      typed = undefined
    }
  }
}

async function write(file: string, answers: Answers): Promise<void> {
  const head = [
    `Settings of ${answers.domain}, written by \`npx pnpm run setup\`. It holds secrets: nobody else may read it.`,
  ]
  try {
    await writeFile(file, envFile(head, settingsFor(answers)), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (error instanceof StartError) throw error
    const there = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    throw new StartError(
      there ? thereAlready(file) : `${file} can't be written (${messageOf(error)}).`,
    )
  }
}

/** Said before anything is asked, too. */
export function thereAlready(file: string): string {
  return `${file} is there already and is never overwritten: change it by hand, or move it away to begin anew (new secrets sign everybody out, and ${basename(file)} holds the database's password).`
}
