import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { JAIL_NAME } from '../http/bans.js';
import { IgnoreChange } from '../http/ignore-lists.js';
import { IsIpNetwork } from '../http/ip-network.validator.js';
import { JailAct } from '../http/jail-control.js';

/** `jails.get`: one jail, running or only configured. */
export class JailGetArgs {
  @Matches(JAIL_NAME) readonly jail!: string;
}

/** `jails.log`: the end of a log file that fail2ban lists for the jail. */
export class JailLogArgs {
  @Matches(JAIL_NAME) readonly jail!: string;
  @IsOptional() @IsString() @Length(1, 4096) readonly file?: string;
  @IsInt() @Min(1) @Max(1000) readonly lines!: number;
  @IsOptional() @IsString() @Length(1, 200) readonly q?: string;
}

/** `jails.preview`: what an act would do. */
export class JailPreviewArgs extends JailAct {}

/** `jails.act`: begins it and answers at once (or with its end, when that comes soon). Progress comes as `jails.act` events. */
export class JailActArgs extends JailAct {
  /** Made by the gateway, so that it can ask for an act whose answer was lost. */
  @IsUUID() readonly id!: string;
}

/** `jails.act-state`. */
export class JailActStateArgs {
  @IsUUID() readonly id!: string;
}

/** `ignore.list`: of one jail, or of all that run. */
export class IgnoreListArgs {
  @IsOptional() @Matches(JAIL_NAME) readonly jail?: string;
}

/** `ignore.find`: which running jails ignore an address or network. */
export class IgnoreFindArgs {
  @IsIpNetwork() readonly address!: string;
}

/** `ignore.change`. */
export class IgnoreChangeArgs extends IgnoreChange {
  /** Addresses of whoever asks: entries that cover one are not removed without `force`. */
  @IsOptional()
  @IsString({ each: true })
  @Length(2, 64, { each: true })
  @ArrayNotEmpty()
  @ArrayUnique()
  @ArrayMaxSize(20)
  readonly own?: string[];
}
