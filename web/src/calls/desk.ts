import type { CallSession } from '@beseda/client/calls/session'
import type { Client } from '@beseda/client/client'
import { RequestError } from '@beseda/client/rest'
import type { CallType } from '@beseda/protocol/calls'
import { type Accessor, batch, createMemo, createSignal, onCleanup } from 'solid-js'
import type { Dictionary } from '../i18n/ru.ts'
import { fromStore } from '../shell/client.tsx'
import type { Feedback } from '../shell/feedback.ts'
import { createDeviceList, type DeviceList } from './device-list.ts'
import { type Device, type DeviceError, type Opened, openDevices, stopAll } from './devices.ts'
import { createHearing, type Hearing } from './hearing.ts'
import { createOwnDevices } from './own-devices.ts'
import { type CallSettings, createSettings } from './settings.ts'

/** How long the end of a call stays in sight, in ms. */
const farewellMs = 2_500

type DeskOptions = {
  client: Client
  t: Accessor<Dictionary>
  feedback: Feedback
  onOpenChat: (chatId: string) => void
}

/** A call that is about to be entered. */
export type Entry = {
  kind: 'start' | 'join'
  chatId: string
  withCamera: boolean
  /** With `leaveOther` also out of another call, or away from another device. */
  go(leaveOther: boolean): Promise<CallSession>
}

/** One call at a time: whether to leave the other one, or to move this one here. */
export type Question = { about: 'leave' | 'move'; answer(yes: boolean): void }

/** Everything that the page can do with calls; devices are opened and let go of here. */
export type CallDesk = {
  session: Accessor<CallSession | null>
  currentCallId: Accessor<string | null>
  /** A call is being entered. */
  entering: Accessor<boolean>
  minimised: Accessor<boolean>
  setMinimised(minimised: boolean): void
  settings: Accessor<CallSettings>
  /** Change settings; a device that is on follows at once. */
  changeSettings(change: Partial<CallSettings>): Promise<void>
  /** What there is to choose from. */
  devices: Accessor<DeviceList>
  /** Look again what there is: the browser tells more once it may. */
  refreshDevices(): void
  /** Devices that could not be had for this call. */
  deviceErrors: Accessor<DeviceError[]>
  /** The call whose preview is open. */
  preview: Accessor<Entry | null>
  /** Enter the call of the preview with what it opened, or (null) don't. */
  closePreview(opened: Opened | null): Promise<void>
  /** What has to be answered before a call is entered. */
  question: Accessor<Question | null>
  hearing: Hearing
  /** Hear nobody and be heard by nobody, or as before. */
  toggleDeafened(): Promise<void>
  /** Whether the settings are open. */
  settingsShown: Accessor<boolean>
  showSettings(shown: boolean): void
  /** Call the members of a chat: at once in a personal one, elsewhere after the preview. */
  start(chatId: string, type: CallType): Promise<void>
  /** Enter a call that is on, after the preview. */
  join(chatId: string, callId: string): Promise<void>
  /** Move the call that one is in on another device here. */
  moveHere(chatId: string, callId: string): Promise<void>
  /** Enter a call that rings, at once. */
  accept(chatId: string, callId: string, withCamera: boolean): Promise<void>
  decline(callId: string): Promise<void>
  leave(): Promise<void>
  endForAll(): Promise<void>
  toggleMicrophone(): Promise<void>
  /** Mute or unmute, opening the microphone where need be. */
  setMuted(muted: boolean): Promise<void>
  toggleCamera(): Promise<void>
  retryDevice(device: Device): Promise<void>
  /** Go on without the devices that could not be had. */
  goOnWithout(): void
}

/** Make the desk; its owner's end leaves nothing on. */
export function createCallDesk({ client, t, feedback, onOpenChat }: DeskOptions): CallDesk {
  const { calls } = client
  const session = fromStore(calls.current)
  const [entering, setEntering] = createSignal(false)
  const [minimised, setMinimised] = createSignal(false)
  const [preview, setPreview] = createSignal<Entry | null>(null)
  const [question, setQuestion] = createSignal<Question | null>(null)
  const hearing = createHearing()
  /** Whether the microphone was on before the sound was turned off. */
  let spoke = false
  const [settingsShown, showSettings] = createSignal(false)
  const { settings, change } = createSettings()
  const { devices, refresh } = createDeviceList()
  const own = createOwnDevices({ session, settings, t, feedback, onOpened: refresh })
  const currentCallId = createMemo(() => session()?.state.get().call.id ?? null)

  onCleanup(
    calls.current.subscribe((entered) => {
      own.reset()
      hearing.setDeafened(false)
      if (entered) dismissAtEnd(entered)
    }),
  )

  function dismissAtEnd(entered: CallSession) {
    const stop = entered.state.subscribe(({ phase }) => {
      if (phase.status !== 'ended') return
      stop()
      const delay = phase.reason === 'left' ? 0 : farewellMs
      setTimeout(() => {
        if (calls.current.get() === entered) calls.dismiss()
      }, delay)
    })
  }

  const attempt = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      feedback.failed(error)
    }
  }

  const ask = (about: Question['about']) =>
    new Promise<boolean>((resolve) => {
      const answer = (yes: boolean) => {
        setQuestion(null)
        resolve(yes)
      }
      setQuestion({ about, answer })
    })

  /** The way in; null when the user would rather stay where they are. */
  async function go(entry: Entry): Promise<CallSession | null> {
    try {
      return await entry.go(false)
    } catch (error) {
      if (!(error instanceof RequestError) || error.code !== 'IN_ANOTHER_CALL') throw error
      const here = error.call?.chatId === entry.chatId
      return (await ask(here ? 'move' : 'leave')) ? entry.go(true) : null
    }
  }

  /** Whether the user goes on, though it ends the call that they are in here. */
  async function mayLeave(entry: Entry): Promise<boolean> {
    const current = session()?.state.get()
    const elsewhere = current && current.call.chatId !== entry.chatId
    return !elsewhere || current.phase.status === 'ended' || ask('leave')
  }

  /** The user is asked for devices while the way into the call is being made. */
  async function enter(entry: Entry, opening: Promise<Opened>) {
    if (entering()) return
    batch(() => {
      setEntering(true)
      setMinimised(false)
    })
    try {
      const entered = await go(entry)
      if (!entered) return void opening.then(stopAll)
      onOpenChat(entry.chatId)
      void opening.then((opened) => own.publishAll(entered, opened, settings().pushToTalk))
    } catch (error) {
      void opening.then(stopAll)
      feedback.failed(error)
    } finally {
      setEntering(false)
    }
  }

  async function enterNow(entry: Entry) {
    if (entering() || !(await mayLeave(entry))) return
    const wanted: Device[] = entry.withCamera ? ['microphone', 'camera'] : ['microphone']
    const opening = own.asking(wanted, openDevices(wanted, settings()))
    await enter(entry, opening)
  }

  async function enterAfterPreview(entry: Entry) {
    if (!settings().preview) return enterNow(entry)
    if (await mayLeave(entry)) setPreview(entry)
  }

  const isPersonal = (chatId: string) =>
    client.chats.state.get().chats.find((chat) => chat.id === chatId)?.type === 'personal'

  const joining = (chatId: string, callId: string, withCamera: boolean): Entry => ({
    kind: 'join',
    chatId,
    withCamera,
    go: (leaveOther) => calls.join(callId, { leaveOther }),
  })

  return {
    session,
    currentCallId,
    entering,
    minimised,
    setMinimised,
    settings,
    async changeSettings(changed) {
      const before = settings()
      change(changed)
      const differs = (key: keyof CallSettings) => settings()[key] !== before[key]
      if (differs('microphoneId') || differs('noise')) await own.reopen('microphone')
      if (differs('cameraId')) await own.reopen('camera')
      if (differs('pushToTalk') && settings().pushToTalk) await own.setMuted(true)
    },
    devices,
    refreshDevices: refresh,
    deviceErrors: own.errors,
    preview,
    async closePreview(opened) {
      const entry = preview()
      setPreview(null)
      if (entry && opened) await enter(entry, Promise.resolve(opened))
    },
    question,
    hearing,
    async toggleDeafened() {
      const deafen = !hearing.deafened()
      hearing.setDeafened(deafen)
      if (!deafen) return spoke ? own.setMuted(false) : undefined
      const { microphone } = session()?.state.get().self.tracks ?? {}
      spoke = microphone?.track != null && !microphone.paused
      await own.setMuted(true)
    },
    settingsShown,
    showSettings,
    start(chatId, type) {
      const entry: Entry = {
        kind: 'start',
        chatId,
        withCamera: type === 'video',
        go: (leaveOther) => calls.start(chatId, type, { leaveOther }),
      }
      return isPersonal(chatId) ? enterNow(entry) : enterAfterPreview(entry)
    },
    join: (chatId, callId) => enterAfterPreview(joining(chatId, callId, false)),
    moveHere: (chatId, callId) =>
      enterAfterPreview({
        ...joining(chatId, callId, false),
        go: () => calls.join(callId, { leaveOther: true }),
      }),
    accept: (chatId, callId, withCamera) => enterNow(joining(chatId, callId, withCamera)),
    decline: (callId) => attempt(() => calls.decline(callId)),
    leave: () => attempt(() => calls.hangUp()),
    endForAll: () => attempt(() => calls.endForAll()),
    toggleMicrophone: own.toggleMicrophone,
    setMuted: own.setMuted,
    toggleCamera: own.toggleCamera,
    retryDevice: own.retry,
    goOnWithout: own.reset,
  }
}
