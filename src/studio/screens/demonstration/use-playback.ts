/** @file Prepared answers as they would be written, word by word; at once for who wants less motion. */
import { useEffect, useMemo, useState } from 'react';
import { playbackSeconds, wordsOf, writtenAfter } from '../../plain/demonstration/playback';

const frameMs = 60;

export interface Playback {
  /** How much of each text is to be seen. */
  readonly shown: readonly string[];
  readonly isPlaying: boolean;
  /** Shows the rest at once. */
  finish(): void;
}

/**
 * @param id tells these texts from others; another one begins anew
 * @param isPlayed false shows the texts whole
 */
export function usePlayback(id: string, texts: readonly string[], isPlayed: boolean): Playback {
  const [clock, setClock] = useState<{ readonly id: string; readonly seconds: number }>({ id, seconds: 0 });
  const all = texts.join('\0');
  const pieces = useMemo(() => all.split('\0').map(wordsOf), [all]);
  const total = playbackSeconds(pieces);
  const isStill = useMemo(() => matchMedia('(prefers-reduced-motion: reduce)').matches, []);
  const seconds = clock.id === id ? clock.seconds : 0;
  const isPlaying = isPlayed && !isStill && seconds < total;

  useEffect(() => {
    if (!isPlaying) return;
    const begun = performance.now();
    const timer = setInterval(() => setClock({ id, seconds: (performance.now() - begun) / 1000 }), frameMs);
    return () => clearInterval(timer);
  }, [id, isPlaying]);

  return {
    shown: isPlaying ? pieces.map((words) => writtenAfter(words, seconds)) : texts,
    isPlaying,
    finish: () => setClock({ id, seconds: Infinity }),
  };
}
