/* SPDX-License-Identifier: GPL-3.0-or-later */
/* when.h - the time of day, a steady clock, and a deadline */
#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Where time comes from; tests have clocks of their own.  Both functions get
 * arg.  wall returns seconds since 1970.  mono returns milliseconds of a clock
 * that nobody sets, and that begins anew at boot.
 */
struct when_clock {
	int64_t (*wall)(void *arg);
	int64_t (*mono)(void *arg);
	void *arg;
};

extern const struct when_clock when_system;

int64_t when_wall(const struct when_clock *);
int64_t when_mono(const struct when_clock *);

struct when_deadline {
	const struct when_clock *clock;
	int64_t at; /* mono, milliseconds */
};

/* A deadline so many milliseconds from now. */
struct when_deadline when_after(const struct when_clock *, int64_t ms);

bool when_passed(const struct when_deadline *);

/* Milliseconds until then; 0 once it has passed. */
int64_t when_left(const struct when_deadline *);

#endif
