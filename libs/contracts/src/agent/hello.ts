import { ArrayMaxSize, IsIn, IsOptional, IsString, Length } from 'class-validator';
import { POLICY_GROUPS, type PolicyGroup } from '../http/hosts.js';

/** What an agent says of itself at the start of each session (the envelope adds session, boot and nonce). */
export class AgentHello {
  @IsString() @Length(1, 64) readonly agentVersion!: string;
  @IsString() @Length(1, 255) readonly hostname!: string;
  @IsIn(POLICY_GROUPS, { each: true }) @ArrayMaxSize(POLICY_GROUPS.length) readonly groups!: PolicyGroup[];
  @IsOptional() @IsString() @Length(1, 64) readonly fail2banVersion?: string;
  @IsOptional() @IsString() @Length(1, 1024) readonly socketPath?: string;
}
