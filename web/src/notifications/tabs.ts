/** Held, shared, by every tab of Beseda that is in sight. */
const lookedAt = 'beseda.looked-at'

/** How long the telling of one thing belongs to the tab that took it. */
const claimMs = 10_000

/**
 * What the tabs of one browser know of each other, through the locks of the browser. Where
 * there are none (a page without HTTPS) every tab is alone.
 */
export function createTabs(locks: LockManager | undefined) {
  let hide: (() => void) | null = null

  return {
    /** Tell the other tabs whether this one is in sight. */
    setVisible(visible: boolean): void {
      if (visible === (hide !== null)) return
      if (!visible) {
        hide?.()
        hide = null
        return
      }
      const hidden = new Promise<void>((resolve) => {
        hide = resolve
      })
      void locks?.request(lookedAt, { mode: 'shared' }, () => hidden).catch(() => {})
    },
    /** Whether any tab is in sight. */
    async areLookedAt(): Promise<boolean> {
      const state = await locks?.query()
      return state?.held?.some(({ name }) => name === lookedAt) ?? false
    },
    /** Take the telling of something for this tab; false when another tab has it. */
    claim(id: string): Promise<boolean> {
      if (!locks) return Promise.resolve(true)
      return new Promise((resolve) => {
        void locks
          .request(`beseda.notice.${id}`, { ifAvailable: true }, (lock) => {
            resolve(lock !== null)
            return lock && new Promise((done) => setTimeout(done, claimMs))
          })
          .catch(() => resolve(true))
      })
    },
  }
}

export type Tabs = ReturnType<typeof createTabs>
