/** An entry code that is being typed: the digits, what stands in the way, and the redeeming. */

import { computed, onScopeDispose, ref, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';

import { refusalKey } from '../refusals';
import { enter, type Entry } from './enter';
import { entrySecret, forgetEntrySecret } from './entrySecret';
import { CODE_LENGTH, codeDigits, grouped, minutesAndSeconds } from './entryCode';

/** One that was let in. */
export type Entered = Extract<Entry, { readonly entered: true }>;

export interface EntryField {
  readonly digits: Ref<string>;
  readonly busy: Readonly<Ref<boolean>>;
  /** Seconds before another try is of any use. */
  readonly waitS: Readonly<Ref<number>>;
  /** What stands in the way, in words; empty where nothing does. */
  readonly sentence: Readonly<Ref<string>>;
  /** Takes what stands in the field, and writes it back in groups. */
  readonly typed: (event: Event) => void;
  /** Redeems what was typed; null where nobody was let in. */
  readonly submit: () => Promise<Entered | null>;
}

export function useEntry(): EntryField {
  const { t } = useI18n();
  const digits = ref('');
  const busy = ref(false);
  const problem = ref<string | null>(null);
  const waitS = ref(0);

  const sentence = computed(() => {
    if (waitS.value > 0) return t('entry.too_many_tries', { time: minutesAndSeconds(waitS.value) });
    if (problem.value === 'too_many_tries') return t('entry.may_try_again');
    if (problem.value === 'incomplete' || problem.value === 'code_unknown' || problem.value === 'unreachable') {
      return t(`entry.problem.${problem.value}`);
    }
    return problem.value === null ? '' : t(refusalKey(problem.value));
  });

  const countdown = setInterval(() => {
    waitS.value = Math.max(0, waitS.value - 1);
  }, 1000);
  onScopeDispose(() => {
    clearInterval(countdown);
  });

  function typed(event: Event): void {
    const field = event.target as HTMLInputElement;
    if (event instanceof InputEvent && event.isComposing) return;
    digits.value = codeDigits(field.value);
    field.value = grouped(digits.value);
    problem.value = null;
  }

  async function submit(): Promise<Entered | null> {
    if (busy.value || waitS.value > 0) return null;
    if (digits.value.length < CODE_LENGTH) {
      problem.value = 'incomplete';
      return null;
    }
    busy.value = true;
    const entry = await enter(digits.value, entrySecret());
    busy.value = false;
    if (entry.entered) {
      forgetEntrySecret();
      return entry;
    }
    problem.value = entry.code;
    waitS.value = entry.code === 'too_many_tries' ? entry.retryAfterS : 0;
    return null;
  }

  return { digits, busy, waitS, sentence, typed, submit };
}
