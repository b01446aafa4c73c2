/**
 * The settings of profile DEMO-CN-2021: the counting rules of CN-2021 with times of zero days, so that a demo can open and
 * close within minutes. Only a deployment with a demo root may choose it, and every report says so.
 */
import { CN_2021_SETTINGS } from './profile-cn-2021.ts';
import type { Setting, Settings } from './rule-parameters.ts';

const short = (setting: Setting<number>): Setting<number> => ({
  ...setting,
  value: 0,
  min: 0,
  zh: `演示:${setting.zh}(可为0日)`,
  certainty: 'I',
});

/** CN-2021 with short times. */
export const DEMO_SETTINGS: Settings = {
  ...CN_2021_SETTINGS,
  noticeDays: short(CN_2021_SETTINGS.noticeDays),
  windowDays: { ...CN_2021_SETTINGS.windowDays, min: 0 },
  windowDaysMin: { ...short(CN_2021_SETTINGS.windowDaysMin), max: 0 },
  objectionDays: short(CN_2021_SETTINGS.objectionDays),
};
