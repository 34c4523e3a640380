import { isJsonObject, type Json, type JsonObject } from '../../src/model/json.ts';
import { ConnectionReset, type Fault } from './fault.ts';

/** What a fault does to an answer that was given. */
export async function injectAfter(fault: Fault, response: Response): Promise<Response> {
  switch (fault.kind) {
    case 'resetAfterHeaders':
      return new Response(brokenStream(await response.text()), headOf(response));
    case 'truncatedBody': {
      const text = await response.text();
      return new Response(text.slice(0, Math.floor(text.length / 2)), headOf(response));
    }
    case 'truncatedPage':
      return changePage(response, (body, rows) => ({
        ...body,
        $skipToken: undefined,
        ...rowsOf(rows.slice(0, Math.floor(rows.length / 2))),
        resultTruncated: 'true',
      }));
    case 'duplicateRows':
      return changePage(response, (body, rows) => ({ ...body, ...rowsOf([...rows, ...rows.slice(0, 1)]) }));
    case 'malformedRow': {
      const row = fault.row === undefined ? { id: null, properties: 'none' } : fault.row;
      return changePage(response, (body, rows) => ({ ...body, ...rowsOf([row, ...rows.slice(1)]) }));
    }
    case 'movedRow':
      return changePage(response, (body, rows) => ({ ...body, ...rowsOf(rows.slice(1)) }));
    default:
      return response;
  }
}

function rowsOf(data: readonly Json[]): JsonObject {
  return { data, count: data.length };
}

/** Changes a page of Resource Graph in the objectArray format; anything else is left alone. */
async function changePage(
  response: Response,
  change: (body: JsonObject, rows: readonly Json[]) => JsonObject,
): Promise<Response> {
  const text = await response.text();
  const body: unknown = JSON.parse(text);
  const rows = isJsonObject(body) ? body['data'] : undefined;
  if (!isJsonObject(body) || !Array.isArray(rows)) return new Response(text, headOf(response));
  return new Response(JSON.stringify(change(body, rows)), headOf(response));
}

function headOf(response: Response): ResponseInit {
  return { status: response.status, headers: response.headers };
}

function brokenStream(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let sent = false;
  return new ReadableStream({
    pull: (controller) => {
      if (sent) {
        controller.error(new ConnectionReset());
        return;
      }
      sent = true;
      controller.enqueue(bytes.slice(0, Math.max(1, Math.floor(bytes.length / 2))));
    },
  });
}
