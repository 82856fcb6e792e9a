import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { useMemo, useState, useSyncExternalStore } from 'react'
import { Bar } from './Bar'
import { ExampleMenu } from './ExampleMenu'
import { examples } from './examples'
import { Session } from './session'

const defaultTabs = [{ query: examples[0].query }]

export function App() {
  const [session] = useState(() => new Session())
  const { username } = useSyncExternalStore(session.subscribe, session.snapshot)
  // A new fetcher makes GraphiQL read the schema again, as the person who has just signed in.
  const fetcher = useMemo(
    () => createGraphiQLFetcher({ url: '/graphql', fetch: session.fetch, enableIncrementalDelivery: false }),
    [session, username],
  )
  return (
    <>
      <Bar session={session} />
      <main>
        <GraphiQL fetcher={fetcher} defaultTabs={defaultTabs} shouldPersistHeaders={false}>
          <GraphiQL.Logo>
            <ExampleMenu />
          </GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>
  )
}
