// The careful client of docs/examples/javascript meets each trap: the advice of the catalogue works.
// TEMPO_URL is a running server with the scenario guide; test_traps_node.py starts one and this.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Tempo, TempoError, dayOf, missing, people } from '../../docs/examples/javascript/careful-client.mjs'

const ORIGIN = process.env.TEMPO_URL
const BOB = '5b10a2844c20165700ede223'
const ERICA = '5b10a2844c20165700ede220'
const ISSUE = 10202
const ALL = 334
const [FROM, TO] = ['2013-08-01', '2013-11-30']
let number = 0

const met = new Set()
const catalogue = (await (await fetch(`${ORIGIN}/_mock/traps`)).json()).traps

async function control(site, method, path, body) {
  const response = await fetch(`${site}/_mock/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  })
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.clone().text()}`)
  return response.status === 204 ? null : response.json()
}

/** A test in a site of its own; arm() arms the trap of its name. */
function meet(name, run) {
  test(name, async () => {
    met.add(name)
    const site = `${ORIGIN}/sites/node${++number}`
    await control(ORIGIN, 'POST', 'sites', { name: `node${number}`, clock: '2013-11-15' })
    await control(site, 'PUT', 'clock', { now: '2013-11-15T00:00:00Z', frozen: true })
    const waited = []
    const client = (who = 'viewer', more = {}) =>
      new Tempo({
        base: `${site}/4`,
        token: `demo-token-of-${who}-not-a-secret`,
        jira: { base: site, email: 'bob@example.org', token: 'demo-jira-token-of-bob-not-a-secret' },
        pause: async (seconds) => waited.push(seconds),
        between: 0,
        ...more,
      })
    const arm = (parameters = {}) => control(site, 'POST', 'faults', { trap: name, ...parameters })
    await run({ site, arm, client, waited, control: (...asked) => control(site, ...asked) })
  })
}

/** A trap that changes nothing for a careful reader. */
function harmless(name, parameters) {
  meet(name, async ({ arm, client }) => {
    await arm(parameters)
    assert.equal((await client().worklogs(FROM, TO)).length, ALL)
  })
}

/** A call that is refused so. */
const refusal = (status, words) => (error) =>
  error instanceof TempoError && error.status === status && (!words || error.message.includes(words))

const hour = (more) => ({ authorAccountId: BOB, issueId: ISSUE, startDate: '2013-11-14', timeSpentSeconds: 3600, ...more })

meet('hidden-authors', async ({ arm, client }) => {
  const expected = people(await client().worklogs(FROM, TO))
  await arm()
  const rows = await client().worklogs(FROM, TO)
  assert.equal(rows.length, 0)
  assert.deepEqual(missing(rows, expected), [...expected])
})

meet('shrinking-reach', async ({ arm, client }) => {
  const before = people(await client().worklogs(FROM, TO))
  await arm()
  const gone = missing(await client().worklogs(FROM, TO), before)
  assert.ok(gone.includes(BOB) && gone.includes(ERICA), gone)
})

meet('anonymised-author', async ({ arm, client }) => {
  const before = people(await client().worklogs(FROM, TO))
  await arm()
  const rows = await client().worklogs(FROM, TO)
  assert.equal(rows.length, ALL)
  assert.equal(people(rows).size, before.size - 1)
})

meet('hidden-emails', async ({ site, arm, client }) => {
  await arm()
  const basic = Buffer.from('fred@example.org:demo-jira-token-of-fred-not-a-secret').toString('base64')
  const answer = await fetch(`${site}/rest/api/3/users/search`, { headers: { Authorization: `Basic ${basic}` } })
  const users = await answer.json()
  assert.ok(users.filter((user) => user.emailAddress === '').length > 1, 'an address would take them for one person')
  const known = new Set(users.map((user) => user.accountId))
  const rows = await client().worklogs(FROM, TO)
  assert.ok([...people(rows)].every((id) => known.has(id)), 'an accountId does not')
})

harmless('default-page-of-50', { rows: 7 })
harmless('count-is-not-total', { rows: 3 })
harmless('next-on-another-host', {})
harmless('next-over-http', {})
harmless('shifting-pages')
harmless('duplicate-across-pages')

for (const trap of ['next-on-another-host', 'next-over-http', 'duplicate-across-pages', 'silent-empty']) {
  meet(trap, async ({ arm, client }) => {
    await arm()
    const rows = await client().list('/worklogs?limit=100', { expectsRows: true })
    assert.equal(rows.length, ALL, 'and so it is over several pages')
  })
}

meet('issue-id-text-refused', async ({ arm, client }) => {
  await arm()
  const made = await client('bob').create(hour({ issueId: String(ISSUE), startTime: '09:00:00' }))
  assert.equal(made.startTime, '09:00:00')
})

meet('issue-key-refused', async ({ arm, client }) => {
  await arm()
  const bob = client('bob')
  const byKey = () => bob.call('POST', '/worklogs', { ...hour(), issueId: undefined, issueKey: 'CLOUD-3' })
  assert.equal((await byKey()).issue.key, 'CLOUD-3')
  await assert.rejects(byKey(), refusal(400, 'Issue id cannot be null'))
  assert.equal((await bob.create(hour({ issueId: await bob.issueId('CLOUD-3') }))).issue.id, ISSUE)
})

meet('issue-filter-404', async ({ arm, client }) => {
  await arm()
  const bob = client('bob')
  await assert.rejects(bob.list('/worklogs?issueId=10202&issueId=10220'), refusal(404, 'Issue not found'))
  assert.ok((await bob.list('/worklogs?issueId=10202&limit=5000')).length > 0)
})

meet('required-attribute', async ({ arm, client }) => {
  await arm()
  const bob = client('bob')
  await assert.rejects(bob.create(hour()), refusal(400, 'Work attribute Account (_Account_) is required'))
  await bob.create(hour({ attributes: [{ key: '_Account_', value: 'CLOUD-DEV' }] }))
})

meet('attributes-mandatory', async ({ arm, client }) => {
  await arm()
  await client('bob').create(hour())
})

meet('error-body-hidden', async ({ arm, client }) => {
  await arm()
  const bob = client('bob')
  await assert.rejects(bob.create(hour()), refusal(400, 'Remaining estimate must not be empty'))
  await bob.create(hour({ remainingEstimateSeconds: 0 }))
})

meet('closed-period', async ({ arm, client, waited }) => {
  await arm()
  await assert.rejects(client('bob').create(hour({ startDate: '2013-11-08' })), refusal(400, 'closed'))
  assert.deepEqual(waited, [], 'it is not tried again')
})

meet('already-deleted', async ({ arm, client }) => {
  const bob = client('bob')
  const made = await bob.create(hour())
  await arm()
  await bob.remove(made.tempoWorklogId)
  await assert.rejects(bob.call('GET', `/worklogs/${made.tempoWorklogId}`), refusal(404))
})

meet('created-unanswered', async ({ arm, client }) => {
  const bob = client('bob')
  const before = (await bob.ofDay(hour())).length
  await arm()
  assert.ok((await bob.create(hour())).tempoWorklogId)
  assert.equal((await bob.ofDay(hour())).length, before + 1, 'once')
})

meet('token-expires', async ({ arm, client, control }) => {
  await arm()
  await assert.rejects(client('bob').worklogs(FROM, TO), refusal(401, 'expired'))
  const { token } = await control('POST', 'tokens', { person: 'bob', name: 'Next' })
  assert.ok((await client('bob', { token }).worklogs(FROM, TO)).length > 0)
})

meet('scope-missing', async ({ arm, client }) => {
  await arm()
  const bob = client('bob')
  await assert.rejects(bob.call('GET', '/user-schedule?from=2013-11-14&to=2013-11-14'), refusal(403, 'lacks a scope'))
  assert.equal(await bob.isThere(), true)
})

meet('connect-session-token', async ({ arm, client }) => {
  await arm()
  await assert.rejects(client().worklogs(FROM, TO), refusal(403, 'Failed to parse Connect Session Auth Token'))
})

meet('forge-migration', async ({ arm, client, waited, control }) => {
  await arm()
  const bob = client('bob')
  const call = () => bob.call('GET', '/roles')
  await assert.rejects(call(), refusal(403))
  await assert.rejects(call(), refusal(404))
  await assert.rejects(call(), refusal(403), 'after a 502 that was waited for')
  assert.deepEqual(waited, [5])
  const [{ id }] = await control('GET', 'tokens?person=bob')
  const { token } = await control('POST', `tokens/${id}/regenerate`, { person: 'bob' })
  assert.ok(await client('bob', { token }).call('GET', '/roles'))
})

meet('wrong-region-host', async ({ arm, client }) => {
  await arm()
  await assert.rejects(client().worklogs(FROM, TO), refusal(401, 'another region'))
})

meet('rate-storm', async ({ arm, client, waited }) => {
  await arm({ retryAfter: 7 })
  assert.equal((await client().worklogs(FROM, TO)).length, ALL)
  assert.ok(waited.length > 0 && waited.every((seconds) => seconds === 7), waited)
})

meet('rate-storm', async ({ arm, client, waited }) => {
  await arm({ retryAfter: 0 })
  assert.equal((await client().worklogs(FROM, TO)).length, ALL)
  assert.ok(waited.length > 0 && waited.every((seconds) => seconds >= 1), waited)
})

meet('empty-after-error', async ({ arm, client, waited }) => {
  await arm()
  assert.ok((await client().list('/worklogs?limit=5000')).length === ALL)
  assert.deepEqual(waited, [5, 1], 'the error, and the empty list after it')
})

meet('5xx-is-not-absence', async ({ arm, client, waited }) => {
  await arm()
  assert.equal(await client().isThere(), true)
  assert.deepEqual(waited, [5, 10, 15])
  await arm({ count: 100 })
  assert.equal(await client().isThere(), null, 'nobody can tell')
})

meet('probe-405', async ({ arm, client }) => {
  await arm()
  await assert.rejects(client().call('HEAD', '/worklogs'), refusal(405))
  assert.equal(await client().isThere(), true)
})

meet('late-worklogs', async ({ arm, client, control }) => {
  await arm({ seconds: 60 })
  const bob = client('bob')
  const { tempoWorklogId } = await bob.create(hour())
  const isListed = async () => (await bob.ofDay(hour())).some((row) => row.tempoWorklogId === tempoWorklogId)
  assert.equal(await isListed(), false)
  await control('PUT', 'clock', { advance: 60 })
  assert.equal(await isListed(), true, 'the same day is read again')
})

meet('previous-day', async ({ arm, client }) => {
  const days = (await client().worklogs(FROM, TO)).map(dayOf)
  await arm()
  const rows = await client().worklogs(FROM, TO)
  assert.deepEqual(rows.map(dayOf), days)
  assert.ok(rows.every((row) => row.startDateTimeUtc.slice(0, 10) !== dayOf(row)))
})

test('every trap of the catalogue is met', () => {
  assert.deepEqual([...met].sort(), catalogue.map((trap) => trap.name).sort())
})
