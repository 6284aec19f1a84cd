import type {Outbound} from '../../core/message.ts';
import {parsePlanName, planText, type TextRules} from './text.ts';

/** ESME_RINVDCS (SMPP 5.0 4.7.6): the next charset of the account that holds the text is tried, once for each text. */
export interface CharsetRefusals {
  rulesFor(messageId: string): TextRules;
  /** True: the text can be planned again, in another charset. */
  note(outbound: Outbound, planName: string): boolean;
}

/** Kept in memory: after a restart the SMSC says it again. */
const maxRemembered = 10_000;

export function createCharsetRefusals(rules: TextRules): CharsetRefusals {
  const others = new Map<string, TextRules>();

  return {
    rulesFor: messageId => others.get(messageId) ?? rules,
    note({messageId, text}, planName) {
      const refused = parsePlanName(planName)?.dcs;
      if (refused === undefined || others.has(messageId)) return false;
      const left = {...rules, charsets: rules.charsets.filter(({dcs}) => dcs !== refused)};
      if ('kind' in planText(text, left)) return false;
      others.set(messageId, left);
      for (const oldest of others.keys()) {
        if (others.size <= maxRemembered) break;
        others.delete(oldest);
      }
      return true;
    },
  };
}
