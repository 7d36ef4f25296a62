// A client of Tempo, tested with Node's own test runner against the server at TEMPO_MOCK_URL; each test makes a site of
// its own there. Node 18 or later, nothing to install.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IncompleteError, Tempo, TempoError, people } from './careful-client.mjs'

const SERVER = process.env.TEMPO_MOCK_URL
const BOB = '5b10a2844c20165700ede223'
// The day for which the scenario has everybody's worklogs, 334 of them.
const CLOCK = '2013-11-15'
const DAYS = ['2013-08-18', '2013-11-30']
const HOURS = [
  { authorAccountId: BOB, issueId: 10202, startDate: '2013-11-13', timeSpentSeconds: 2700 },
  { authorAccountId: BOB, issueId: 10202, startDate: '2013-11-14', timeSpentSeconds: 2700 },
]

/** What the server has beside Tempo: sites, faults, the journal. */
async function control(method, address, body) {
  const answer = await fetch(address, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  })
  const text = await answer.text()
  assert.ok(answer.ok, `${method} ${address}: ${answer.status} ${text}`)
  return text ? JSON.parse(text) : null
}

/** A test in a site of its own. */
function testInSite(name, run) {
  test(name, async (t) => {
    const site = await control('POST', `${SERVER}/_mock/sites`, { scenario: 'guide', clock: CLOCK })
    const waited = []
    const given = {
      t,
      url: site.url,
      waited,
      // A client with somebody's token; it notes the seconds that it should wait, and does not wait.
      connect: (who, options) =>
        new Tempo({
          base: `${site.url}/4`,
          token: `demo-token-of-${who}-not-a-secret`,
          between: 0,
          limit: 100,
          pause: async (seconds) => waited.push(seconds),
          ...options,
        }),
      // Break requests from now on; answers where the fault is asked about.
      arm: async (rule) => `${site.controlUrl}/faults/${(await control('POST', `${site.controlUrl}/faults`, rule)).id}`,
      // What the journal must confirm.
      claim: async (...checks) => {
        const told = await control('POST', `${site.controlUrl}/journal/check`, checks)
        assert.ok(told.ok, told.checks.map((check) => check.sentence).join('\n'))
      },
    }
    try {
      await run(given)
    } finally {
      await control('DELETE', `${SERVER}/_mock/sites/${site.name}`)
    }
  })
}

/** The copy of a client that read everything. */
const copyOf = async (client) => new Map((await client.worklogs(...DAYS)).map((row) => [row.tempoWorklogId, row]))

testInSite("read everybody's worklogs", async ({ url }) => {
  const headers = { Authorization: 'Bearer demo-token-of-viewer-not-a-secret' }
  const rows = []
  for (let page = `${url}/4/worklogs?limit=100`; page; ) {
    const answer = await (await fetch(page, { headers })).json()
    rows.push(...answer.results)
    page = answer.metadata.next
  }
  assert.equal(rows.length, 334)
  assert.ok(people(rows).size > 5)
})

testInSite('write a worklog and read it back', async ({ connect }) => {
  const client = connect('bob')
  const made = await client.call('POST', '/worklogs', HOURS[0])
  assert.deepEqual(await client.call('GET', `/worklogs/${made.tempoWorklogId}`), made)
  assert.equal(made.startDate, '2013-11-13')
})

testInSite('get all in spite of faults', async ({ t, connect, arm, waited }) => {
  for (const [fault, waits] of [
    [{ status: 429, retryAfter: 7 }, [7, 7]],
    [{ status: 503 }, [5, 10]],
    [{ cut: 'before' }, [5, 10]],
    [{ cut: 'middle' }, [5, 10]],
  ]) {
    await t.test(JSON.stringify(fault), async () => {
      waited.length = 0
      const armed = await arm({ path: '/4/worklogs', after: 1, count: 2, ...fault })
      assert.equal((await connect('viewer').worklogs(...DAYS)).length, 334)
      assert.deepEqual([(await control('GET', armed)).fired, waited], [2, waits])
      await control('DELETE', armed)
    })
  }
})

testInSite('a token that expires deletes nothing', async ({ connect, arm, waited }) => {
  const client = connect('viewer')
  const copy = await copyOf(client)
  await arm({ trap: 'token-expires', after: 2 })
  await assert.rejects(client.refresh(copy, ...DAYS), (error) => {
    assert.ok(error instanceof TempoError)
    assert.match(error.message, /expired/)
    assert.equal(error.status, 401)
    return true
  })
  assert.deepEqual([waited, copy.size], [[], 334])
})

testInSite('hidden authors are noticed', async ({ connect, arm }) => {
  const client = connect('viewer')
  const copy = await copyOf(client)
  await arm({ trap: 'hidden-authors' })
  assert.deepEqual(await client.worklogs(...DAYS), [])
  await assert.rejects(client.refresh(copy, ...DAYS), (error) => error instanceof IncompleteError && error.message.includes(BOB))
  assert.equal(copy.size, 334)
})

testInSite('shifting pages are noticed', async ({ connect, arm }) => {
  const client = connect('viewer', { limit: 5 })
  const copy = await copyOf(client)
  await arm({ trap: 'shifting-pages' })
  assert.ok((await client.worklogs(...DAYS)).length < 334)
  const { deleted, overlooked } = await client.refresh(copy, ...DAYS)
  assert.deepEqual(deleted, [])
  assert.ok(overlooked.length > 0)
  assert.equal(copy.size, 334)
})

testInSite('what is gone is deleted', async ({ connect }) => {
  const client = connect('bob')
  const [made] = await client.book(HOURS)
  const copy = await copyOf(client)
  await client.remove(made.tempoWorklogId)
  assert.deepEqual(await client.refresh(copy, ...DAYS), { deleted: [made.tempoWorklogId], overlooked: [] })
  assert.ok(!copy.has(made.tempoWorklogId))
})

testInSite('the journal is asked afterwards', async ({ connect, claim }) => {
  const [viewer, member] = [connect('viewer', { limit: 50, between: 0.25 }), connect('bob')]
  await viewer.list('/worklogs?limit=50')
  assert.deepEqual(await member.book(HOURS, { preview: true }), HOURS)

  await claim(
    { called: { method: 'GET', path: '/4/worklogs', who: 'technical-user', status: 200 }, atLeast: 7 },
    { followedNext: { path: '/4/worklogs' } },
    { rate: { who: 'technical-user', perSecond: 5 } },
    { called: { method: 'GET', path: '/4/worklogs/user', who: 'bob' } },
    ...['POST', 'PUT', 'DELETE'].map((method) => ({ notCalled: { method } })),
  )

  assert.equal((await member.book(HOURS)).length, 2)
  assert.deepEqual(await member.book(HOURS), [])
  await claim({ called: { method: 'POST', path: '/4/worklogs' }, times: 2 })
})
