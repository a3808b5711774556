// SPDX-License-Identifier: Apache-2.0
// Renders Cucumber Messages (NDJSON, first argument) to a page (second argument) with Cucumber's own formatter.
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { CucumberHtmlStream } from '@cucumber/html-formatter'
import { parseEnvelope } from '@cucumber/messages'

const [messages, page] = process.argv.slice(2)
const lines = createInterface({ input: createReadStream(messages, 'utf8'), crlfDelay: Infinity })

async function* envelopes() {
  for await (const line of lines) yield parseEnvelope(line)
}

await pipeline(envelopes, new CucumberHtmlStream(), createWriteStream(page))
