/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.h - check_relayflood's words for a group */
#ifndef PLUGINS_CHECK_RELAYFLOOD_TEXT_H
#define PLUGINS_CHECK_RELAYFLOOD_TEXT_H

#include "plugins/check_relayflood/judge.h"

/* "2871"; "about 2871" of a sample. */
void relayflood_text_add_count(struct buf *, const struct sample_estimate *);

/* "92%", "4.5%"; never 100% for less than all. */
void relayflood_text_add_share(struct buf *, double part, uint64_t total);

/* "2871 messages (92%)" */
void relayflood_text_add_messages(struct buf *, const struct sample_estimate *,
    uint64_t total);

/* "3120 messages", "at least 3120 messages": those of all queues. */
void relayflood_text_add_all(struct buf *, const struct relayflood_measure *);

/* ", oldest 7m"; nothing for a time that is not known. */
void relayflood_text_add_age(struct buf *, const struct relayflood_measure *,
    const char *what, int64_t arrival);

/* A group's key, made fit for output: "192.0.2.66". */
void relayflood_text_add_key(struct buf *, const struct relayflood_measure *,
    const struct tally_group *);

/* "192.0.2.66 (mail.example) 2871" */
void relayflood_text_add_who(struct buf *, const struct relayflood_measure *,
    const struct relayflood_judge_group *);

/* ", between 80 and 130, limit 100"; nothing without a doubt. */
void relayflood_text_add_interval(struct buf *,
    const struct relayflood_config *, const struct flood_rule *doubt,
    const struct sample_estimate *, uint64_t total);

/* The same for a group. */
void relayflood_text_add_doubt(struct buf *, const struct relayflood_config *,
    const struct relayflood_measure *, const struct relayflood_judge_group *);

/* A flood for the first line: who, how many, since when, how fast. */
void relayflood_text_add_flood(struct buf *, const struct relayflood_config *,
    const struct relayflood_measure *, const struct relayflood_judge_group *);

/*
 * Why there is no WARNING, where a default plays a part; false, and nothing is
 * added, if there may be one.
 */
bool relayflood_text_add_shadowed(struct buf *,
    const struct relayflood_config *);

/* The line of a group, and what to do about one that alerts. */
void relayflood_text_add_detail(struct buf *, const struct relayflood_config *,
    const struct relayflood_measure *, const struct relayflood_judge_group *);
void relayflood_text_add_advice(struct buf *, const struct relayflood_config *,
    const struct relayflood_measure *, const struct relayflood_judge_group *);

/* --growth: onset, rate, latest arrival. */
void relayflood_text_add_growth(struct buf *, const struct relayflood_measure *,
    const struct relayflood_judge_group *);

#endif
