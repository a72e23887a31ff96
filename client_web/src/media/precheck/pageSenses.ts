/** The pre-check's eyes and ears in a real page. */

import type { Millis } from '../../protocol/generated';
import { isLoopback } from '../loopback';
import { browserSurroundings } from '../surroundings';
import { HEARD, type PrecheckSurroundings } from './precheck';

/** Two notes one after the other, so that a hum or a click is not taken for them. */
const NOTES = [
  { pitch: 523.25, start: 0, length: 0.5 },
  { pitch: 783.99, start: 0.6, length: 0.8 },
];
const LOUDNESS = 0.3;
const SILENCE = 0.0001;

/** Between two looks at a level. */
const LOOK_MS = 60;

const PICTURE_WITHIN_MS = 5000;

/** A busy computer takes more than one; without any loudspeaker, Firefox 153 begins no sound and never says so. */
const SOUND_WITHIN_MS = 5000;

/** Those of this page. */
export function pageSenses(): PrecheckSurroundings {
  return {
    ...browserSurroundings(),
    lacks,
    coversInFrontAlone,
    transport,
    isLocal: isLoopback(location.hostname),
    date: Date.now,
    askTime,
    loudest,
    brightness,
    playTone,
  };
}

/** What the room's page needs and this browser has not. */
function lacks(): string[] {
  const needed: Record<string, boolean> = {
    WebRTC: 'RTCPeerConnection' in globalThis && 'replaceTrack' in RTCRtpSender.prototype,
    WebCrypto: 'crypto' in globalThis && (!globalThis.isSecureContext || 'subtle' in crypto),
    IndexedDB: 'indexedDB' in globalThis,
    WebSocket: 'WebSocket' in globalThis,
    AudioContext: 'AudioContext' in globalThis,
    ResizeObserver: 'ResizeObserver' in globalThis,
    dialog: 'HTMLDialogElement' in globalThis,
    VP8: hasCodec('video', 'video/VP8'),
    Opus: hasCodec('audio', 'audio/opus'),
  };
  return Object.keys(needed).filter((name) => needed[name] !== true);
}

/** Where the page has to read and paint a camera's mosaic itself, that rests while nobody sees it: in Firefox 153. */
function coversInFrontAlone(): boolean {
  const needed = ['MediaStreamTrackProcessor', 'MediaStreamTrackGenerator'];
  return globalThis.isSecureContext && !needed.every((name) => name in globalThis);
}

/** Whether the browser sends and receives a format; one that does not tell is believed to. */
function hasCodec(kind: 'audio' | 'video', type: string): boolean {
  if (!('RTCRtpSender' in globalThis)) return false;
  const ends = [RTCRtpSender, RTCRtpReceiver].map((end) => end.getCapabilities(kind)?.codecs ?? [{ mimeType: type }]);
  return ends.every((codecs) => codecs.some(({ mimeType }) => mimeType.toLowerCase() === type.toLowerCase()));
}

/**
 * A page that was loaded past a warning looks like any other; only a worker's script is refused under a certificate
 * that the browser does not trust. Source: W3C Service Workers, 4.4 (register, "Update": fetch of the script).
 */
async function transport(): Promise<'trusted' | 'local' | 'untrusted' | 'insecure'> {
  if (!globalThis.isSecureContext) return 'insecure';
  if (location.protocol !== 'https:') return 'local';
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined; // absent in some private windows
  if (workers === undefined) return 'trusted';
  try {
    const registered = await workers.register('/precheck-worker.js', { scope: '/precheck-worker/' });
    await registered.unregister();
    return 'trusted';
  } catch {
    return 'untrusted';
  }
}

async function askTime(): Promise<Millis> {
  const answer = await fetch('/api/time', { cache: 'no-store' });
  return ((await answer.json()) as { now: Millis }).now;
}

/** One that runs; null where none does. */
async function soundContext(): Promise<AudioContext | null> {
  const context = new AudioContext();
  await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, SOUND_WITHIN_MS))]);
  if (context.state === 'running') return context;
  void context.close();
  return null;
}

async function loudest(track: MediaStreamTrack, patience: Millis, tell: (level: number) => void): Promise<number> {
  const context = await soundContext();
  if (context === null) throw new Error('This browser measures no sound.');
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const end = performance.now() + patience;
  let peak = 0;
  let loudLooks = 0;
  while (performance.now() < end && loudLooks < 8) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    analyser.getFloatTimeDomainData(samples);
    const level = Math.hypot(...samples) / Math.sqrt(samples.length);
    tell(level);
    peak = Math.max(peak, level);
    if (level >= HEARD) loudLooks++;
  }
  await context.close();
  return peak;
}

async function brightness(track: MediaStreamTrack): Promise<number> {
  const video = Object.assign(document.createElement('video'), { muted: true, playsInline: true });
  video.srcObject = new MediaStream([track]);
  await Promise.race([
    video.play(),
    new Promise((_, reject) => {
      setTimeout(() => {
        reject(new Error('No picture has come.'));
      }, PICTURE_WITHIN_MS);
    }),
  ]);
  await new Promise((resolve) => setTimeout(resolve, 800)); // a camera's first pictures are dark
  const canvas = Object.assign(document.createElement('canvas'), { width: 32, height: 18 });
  const drawing = canvas.getContext('2d', { willReadFrequently: true });
  if (drawing === null) throw new Error('This browser draws nothing.');
  drawing.drawImage(video, 0, 0, canvas.width, canvas.height);
  video.srcObject = null;
  const { data } = drawing.getImageData(0, 0, canvas.width, canvas.height);
  let total = 0;
  for (let at = 0; at < data.length; at += 4) {
    total += 0.2126 * (data[at] ?? 0) + 0.7152 * (data[at + 1] ?? 0) + 0.0722 * (data[at + 2] ?? 0);
  }
  return total / (data.length / 4);
}

async function playTone(): Promise<boolean> {
  const context = await soundContext();
  if (context === null) return false;
  for (const { pitch, start, length } of NOTES) {
    const begin = context.currentTime + start;
    const tone = new OscillatorNode(context, { type: 'sine', frequency: pitch });
    const loudness = new GainNode(context, { gain: SILENCE });
    loudness.gain.setValueAtTime(SILENCE, begin);
    loudness.gain.exponentialRampToValueAtTime(LOUDNESS, begin + 0.02);
    loudness.gain.exponentialRampToValueAtTime(SILENCE, begin + length);
    tone.connect(loudness).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + length);
    tone.addEventListener('ended', () => {
      if (start > 0) void context.close();
    });
  }
  return true;
}
