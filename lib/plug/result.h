/* SPDX-License-Identifier: GPL-3.0-or-later */
/* result.h - a plugin's result: states, texts and perfdata as a tree */
#ifndef PLUG_RESULT_H
#define PLUG_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "plug/perf.h"

/* The exit codes of the guidelines. */
enum result_state {
	RESULT_OK = 0,
	RESULT_WARNING = 1,
	RESULT_CRITICAL = 2,
	RESULT_UNKNOWN = 3,
};

/* All their names. */
#define RESULT_STATE_WORDS "OK WARNING CRITICAL UNKNOWN"

const char *result_state_name(enum result_state);

/* "ok", "WARNING", "2" ...; 0, or -1 for no state. */
int result_state_parse(const char *, enum result_state *);

/*
 * The worse of two.  CRITICAL > UNKNOWN > WARNING > OK: what is known to be
 * critical stays so, and what could not be looked at is never milder than a
 * warning.
 */
enum result_state result_worse(enum result_state, enum result_state);

enum result_text {
	RESULT_SUMMARY, /* for the first line, short */
	RESULT_DETAIL,  /* for a line of its own */
	RESULT_ADVICE,  /* what to do next */
	RESULT_TEXTS,
};

/*
 * A node: what was looked at (subject), its state and texts, which are clean
 * already (clean.h) or NULL.  Children are the findings that led to the state.
 * Perfdata belongs to the root, in an order that no state changes.
 */
struct result {
	char *subject;
	enum result_state state;
	char *text[RESULT_TEXTS];
	struct result **child;
	size_t nchild;
	struct perf *perf;
	size_t nperf;
	bool *oom; /* one flag for the whole tree */
};

/*
 * A tree's root; NULL: out of memory.  The root's state is the worst of its
 * descendants' once result_settle() was called.
 */
struct result *result_new(const char *subject);
void result_free(struct result *);

/*
 * Adds a child; without memory the tree is marked as broken and NULL is
 * returned, which may be passed on as a node everywhere.  So it is with a
 * subject of NULL, what buf_str() gives without memory.
 */
struct result *result_add(struct result *parent, const char *subject,
    enum result_state);

/* Sets a text to the contents of a buffer, which is emptied. */
void result_set(struct result *, enum result_text, struct buf *);

void result_add_perf(struct result *root, const struct perf *);

/* Is the first node's state worse than the second's? */
bool result_is_worse(const struct result *, const struct result *);

/* Gives each node the worst state below it, and sorts children worst first. */
void result_settle(struct result *);

/* A tree that lost a part for want of memory must not be shown. */
bool result_is_broken(const struct result *);

#endif
