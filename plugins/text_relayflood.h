/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text_relayflood.h - check_relayflood's words for a group */
#ifndef TEXT_RELAYFLOOD_H
#define TEXT_RELAYFLOOD_H

#include "judge_relayflood.h"

/* "2871"; "about 2871" of a sample. */
void text_relayflood_add_count(struct buf *, const struct sample_estimate *);

/* "92%", "4.5%"; never 100% for less than all. */
void text_relayflood_add_share(struct buf *, double part, uint64_t total);

/* "2871 messages (92%)" */
void text_relayflood_add_messages(struct buf *, const struct sample_estimate *,
    uint64_t total);

/* "3120 messages", "at least 3120 messages": those of all queues. */
void text_relayflood_add_all(struct buf *, const struct measure_relayflood *);

/* ", oldest 7m"; nothing for a time that is not known. */
void text_relayflood_add_age(struct buf *, const struct measure_relayflood *,
    const char *what, int64_t arrival);

/* A group's key, made fit for output: "192.0.2.66". */
void text_relayflood_add_key(struct buf *, const struct measure_relayflood *,
    const struct tally_group *);

/* "192.0.2.66 (mail.example) 2871" */
void text_relayflood_add_who(struct buf *, const struct measure_relayflood *,
    const struct judge_relayflood_group *);

/* ", between 80 and 130, limit 100"; nothing without a doubt. */
void text_relayflood_add_interval(struct buf *,
    const struct config_relayflood *, const struct flood_rule *doubt,
    const struct sample_estimate *, uint64_t total);

/* The same for a group. */
void text_relayflood_add_doubt(struct buf *, const struct config_relayflood *,
    const struct measure_relayflood *, const struct judge_relayflood_group *);

/* A flood for the first line: who, how many, since when, how fast. */
void text_relayflood_add_flood(struct buf *, const struct config_relayflood *,
    const struct measure_relayflood *, const struct judge_relayflood_group *);

/*
 * Why there is no WARNING, where a default plays a part; false, and nothing is
 * added, if there may be one.
 */
bool text_relayflood_add_shadowed(struct buf *,
    const struct config_relayflood *);

/* The line of a group, and what to do about one that alerts. */
void text_relayflood_add_detail(struct buf *, const struct config_relayflood *,
    const struct measure_relayflood *, const struct judge_relayflood_group *);
void text_relayflood_add_advice(struct buf *, const struct config_relayflood *,
    const struct measure_relayflood *, const struct judge_relayflood_group *);

/* --growth: onset, rate, latest arrival. */
void text_relayflood_add_growth(struct buf *, const struct measure_relayflood *,
    const struct judge_relayflood_group *);

#endif
