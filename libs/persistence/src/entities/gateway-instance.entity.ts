import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BigintColumn } from '../columns.js';

/** A process of the gateway that runs, or ran and was not cleared away yet. */
@Entity('gateway_instance')
export class GatewayInstance {
  /** Made anew at every start. */
  @PrimaryColumn('text') id: string;
  /** Grows while the process lives. Others watch it stand still: no clock of another machine is believed. */
  @BigintColumn() beats: number;
  /** Of its own clock, for people. */
  @BigintColumn() seenAtMs: number;
  @Column('text') hostname: string;
}
