import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { sessionSchema } from '@beseda/protocol/auth'
import { type Diagnosis, diagnosisSchema } from '@beseda/protocol/diagnosis'
import { readSettings } from '@beseda/protocol/settings'
import { makeAdminApi } from '../admin/api.ts'
import { serverUrl } from '../backup/running.ts'
import { commandWords, loadEnvFile, runCommand } from '../command.ts'
import { rootDir } from '../root.ts'
import { StartError } from '../start-error.ts'
import { examine, type Patient } from './examine.ts'
import { showFindings } from './show.ts'
import { judge } from './verdict.ts'

const usage = `npx pnpm run doctor                          on the machine of the server, about 40 s
npx pnpm run doctor --quick                  15 s, without holding WebSockets in silence for long
npx pnpm run doctor --url https://… --user name   from elsewhere, as a person of that server;
                                             the password is read from BESEDA_PASSWORD
--json                                       everything that was found, for programs
Ends with code 0 when nothing is wrong, else with 1.`

/** `npx pnpm run doctor`. */
async function main(): Promise<undefined> {
  const { values } = parseArgs({
    args: commandWords(),
    options: {
      help: { type: 'boolean', short: 'h' },
      quick: { type: 'boolean' },
      json: { type: 'boolean' },
      url: { type: 'string' },
      user: { type: 'string' },
    },
  })
  if (values.help) return void console.log(usage)
  const patient =
    values.url === undefined ? patientHere() : await patientElsewhere(values.url, values.user)
  const holdMs = values.quick ? 0 : 35_000
  if (!values.quick && !values.json) console.log('Looking; this takes about 40 s …')
  const findings = await examine(patient, { holdMs, answerMs: 5_000 })
  const problems = judge(findings)
  if (values.json) console.log(JSON.stringify({ problems, findings }, null, 2))
  else for (const line of showFindings(findings, problems)) console.log(line)
  // The sockets that were held would keep this process.
  process.exit(problems.length > 0 ? 1 : 0)
}

/** With the settings of this machine. */
function patientHere(): Patient {
  loadEnvFile()
  const settings = readSettings(
    [
      ...(['HOST', 'PORT', 'PUBLIC_URL', 'DATA_DIR', 'DATABASE_URL'] as const),
      ...(['REDIS_URL', 'REDIS_HOST', 'REDIS_PORT', 'REDIS_PASSWORD'] as const),
    ],
    process.env,
  )
  const local = serverUrl(settings)
  return {
    url: settings.PUBLIC_URL ?? local,
    host: { env: process.env, settings },
    // Where it does not answer, that is among the findings.
    diagnose: async () => {
      try {
        const dataDir = resolve(rootDir, settings.DATA_DIR)
        return await makeAdminApi({ url: local, dataDir })('POST', '/diagnosis', diagnosisSchema)
      } catch {
        return undefined
      }
    },
  }
}

/** As a person of the server, from where they are. */
async function patientElsewhere(url: string, username: string | undefined): Promise<Patient> {
  const password = process.env.BESEDA_PASSWORD
  if (!URL.canParse(url))
    throw new StartError(`${url} is no address, such as https://chat.example.`)
  if (!username || !password) {
    throw new StartError(`From elsewhere it takes --user and BESEDA_PASSWORD.\n\n${usage}`)
  }
  const login = await post(new URL('/api/auth/login', url), { username, password })
  if (login && !login.ok) {
    throw new StartError(`${url} does not let ${username} in (${login.status}).`)
  }
  const token = login && sessionSchema.parse(await login.json()).accessToken
  return {
    url,
    accessToken: token,
    diagnose: async (): Promise<Diagnosis | undefined> => {
      const answer = token
        ? await post(new URL('/api/diagnosis', url), undefined, token)
        : undefined
      return answer?.ok ? diagnosisSchema.parse(await answer.json()) : undefined
    },
  }
}

/** @returns undefined when nobody answers */
function post(url: URL, body?: object, token?: string): Promise<Response | undefined> {
  return fetch(url, {
    method: 'POST',
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  }).catch(() => undefined)
}

await runCommand(main)
