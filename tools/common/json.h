/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json.h - values for jansson, and an answer that is whole or an error */
#ifndef TOOLS_COMMON_JSON_H
#define TOOLS_COMMON_JSON_H

#ifdef HAVE_JANSSON
#include <jansson.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * json_pack() leaves a member out if its value could not be made and its
 * format allows NULL ("o*", "s*").  An answer would then lack a member for want
 * of memory.  So an answer begins with tool_json_begin() and ends with
 * tool_json_finish(), which fails if memory was lacking anywhere between them.
 * One answer at a time, in one thread.
 *
 * All functions take NULL for a value that could not be made, as jansson's do.
 * They take over every value that they are given.
 */
void tool_json_begin(void);

/* Adds the object and a newline.  0; or -1: out of memory. */
int tool_json_finish(struct buf *, json_t *object, size_t flags);

/* A string of a buffer's text, which has to be UTF-8.  Frees the buffer. */
json_t *tool_json_take(struct buf *text);

/*
 * Add to an array, or to an object.  If that is not possible the whole is
 * dropped, and is NULL from then on.
 */
void tool_json_push(json_t **array, json_t *item);
void tool_json_set(json_t **object, const char *key, json_t *item);
void tool_json_join(json_t **object, json_t *members);
#endif

#endif
