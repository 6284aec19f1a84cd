import {nexus} from './nexus/index.ts';

/** Every kind of contact centre the gateway knows. */
export const platformTypes = [nexus] as const;
