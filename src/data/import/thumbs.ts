/** @file Thumbs up and down, as people and tools write them. */
import { plainName } from './column-names';

const words = [
  ...['true', 'false', 'up', 'down', 'thumbsup', 'thumbsdown', 'good', 'bad', 'like', 'dislike', 'yes', 'no', 'o', 'x'],
  ...['positive', 'negative', 'desirable', 'undesirable', '좋음', '나쁨', '좋아요', '싫어요', '적절', '부적절'],
  ...['추천', '비추천', '긍정', '부정'],
];

/** Whether a value is a thumb up (true) or down (false); null for anything else. */
export function readThumb(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  const text = String(value).trim();
  if (text === '👍' || text === '👎') return text === '👍';
  if (text === '1' || text === '0' || text === '-1') return text === '1';
  const at = words.indexOf(plainName(text));
  return at < 0 ? null : at % 2 === 0;
}
