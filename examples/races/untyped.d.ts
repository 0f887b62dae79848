/** What the examples use of packages that bring no types. */
declare module 'rwlock-4' {
  interface Options {
    /** In milliseconds. */
    timeout?: number
    timeoutCallback?(): void
  }
  export default class ReadWriteLock {
    writeLock(callback: (release: () => void) => void, options?: Options): void
  }
}

declare module 'rwlock-5' {
  import ReadWriteLock from 'rwlock-4'
  export default ReadWriteLock
}

declare module 'generic-pool-2.0.1' {
  interface Factory<T> {
    name: string
    create(callback: (error: Error | null, resource: T | null) => void): void
    destroy(resource: T): void
    max: number
  }
  interface Pool<T> {
    acquire(callback: (error: Error | null, resource: T) => void): boolean
    release(resource: T): void
  }
  const genericPool: { Pool<T>(factory: Factory<T>): Pool<T> }
  export default genericPool
}

declare module 'generic-pool-2.0.2' {
  import genericPool from 'generic-pool-2.0.1'
  export default genericPool
}

declare module 'i18next-21.8.7' {
  interface Backend {
    type: 'backend'
    init(): void
    read(language: string, namespace: string, callback: (error: unknown, texts: Record<string, string>) => void): void
  }
  interface I18next {
    createInstance(): I18next
    use(backend: Backend): I18next
    init(options: { lng: string; fallbackLng: false; ns: string[] }): Promise<unknown>
    loadNamespaces(namespace: string): Promise<void>
    t(key: string): string
  }
  const i18next: I18next
  export default i18next
}

declare module 'i18next-21.8.8' {
  import i18next from 'i18next-21.8.7'
  export default i18next
}
