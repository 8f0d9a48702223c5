import type { Resource } from 'solid-js'

/** What was fetched last; undefined before. Unlike `latest` it never suspends the page meanwhile. */
export function settled<Value>(resource: Resource<Value>): Value | undefined {
  return resource.state === 'ready' || resource.state === 'refreshing' ? resource.latest : undefined
}
