/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shell.h - words of a command that people paste into a shell */
#ifndef BASE_SHELL_H
#define BASE_SHELL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Adds the n bytes as one word of sh(1): as they are if every shell reads them
 * so, otherwise in single quotes.  The bytes have to be the whole word, with a
 * beginning such as "sender:".
 *
 * False: a byte is outside 0x20-0x7e, so that the word can't be shown on a
 * line.  Nothing is added then, because without that byte it would be another
 * word.
 */
bool shell_add(struct buf *, const char *word, size_t n);

/* The same for a string. */
bool shell_adds(struct buf *, const char *word);

/*
 * Can the word stand without quotes, and without any character that a monitor
 * would change?  Monitors take quotes away.  False for an empty word.
 */
bool shell_is_plain(const char *word, size_t n);

/* Adds a blank, and the word as shell_adds() does.  False as there. */
bool shell_add_word(struct buf *, const char *word);

#endif
