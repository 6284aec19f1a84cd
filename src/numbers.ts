import {type CountryCode, getCountries, getCountryCallingCode, parsePhoneNumberFromString} from 'libphonenumber-js/max';

/** Where a phone is at home: the ISO codes of the countries a number can belong to; none for a number of no country, such as a satellite phone's. */
export type CountriesOf = (phone: string) => readonly string[];

/** An area code that was given out after the plans were written down is of one of these: islands have theirs for good. */
const northAmerica = ['US', 'CA'] as const;
const longestCallingCode = 3;

export function createCountriesOf(): CountriesOf {
  const byCallingCode = Map.groupBy(getCountries(), country => String(getCountryCallingCode(country)));
  const byArea = new Map<string, readonly string[]>();

  function ofArea(area: string): readonly string[] {
    const known = byArea.get(area);
    if (known !== undefined) return known;
    const country = parsePhoneNumberFromString(`+1${area}2345678`)?.country;
    const found = country === undefined ? northAmerica : [country];
    byArea.set(area, found);
    return found;
  }

  return address => {
    const phone = address.replace(/^\w+:/, '');
    const [, area] = /^\+1(\d{3})/.exec(phone) ?? [];
    if (area !== undefined) return ofArea(area);
    const candidates = findByCallingCode(byCallingCode, phone);
    if (candidates.length < 2) return candidates;
    const country = parsePhoneNumberFromString(phone)?.country;
    return country === undefined ? candidates : [country];
  };
}

function findByCallingCode(known: ReadonlyMap<string, CountryCode[]>, phone: string): readonly string[] {
  for (let length = 1; length <= longestCallingCode; length += 1) {
    const found = known.get(phone.slice(1, 1 + length));
    if (found !== undefined) return found;
  }
  return [];
}
