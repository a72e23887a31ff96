/** A `fetch` that tells how much of the question has gone out: the browser's own does not. */

/** Told the part that has been sent, from 0 to 1. */
export type SendProgress = (part: number) => void;

/** Asks like `fetch`, as far as this page uses it: method, headers and a body; rejects where no answer comes. */
export function fetchTelling(onProgress: SendProgress): typeof fetch {
  return (input, init) =>
    new Promise<Response>((resolve, reject) => {
      const asking = new XMLHttpRequest();
      asking.open(init?.method ?? 'GET', input instanceof Request ? input.url : input);
      new Headers(init?.headers).forEach((value, name) => {
        asking.setRequestHeader(name, value);
      });
      asking.upload.onprogress = ({ loaded, total }) => {
        onProgress(total > 0 ? loaded / total : 0);
      };
      asking.onload = () => {
        resolve(new Response(asking.responseText, { status: asking.status }));
      };
      asking.onerror = () => {
        reject(new TypeError('No answer came.'));
      };
      asking.send(init?.body as XMLHttpRequestBodyInit | null);
    });
}
