/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shell.h - words of a command that people paste into a shell */
#ifndef BASE_SHELL_H
#define BASE_SHELL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Adds the n bytes as one word of sh(1): as they are where no shell could read
 * them in another way, else in single quotes.  What comes first in a word,
 * such as "sender:", belongs into the bytes.
 *
 * False, and nothing is added: they can't be shown on a line, as one is
 * outside 0x20-0x7e.  That they were left out, or changed, would make it
 * another word.
 */
bool shell_add(struct buf *, const char *word, size_t n);

/* The same for a string. */
bool shell_adds(struct buf *, const char *word);

/*
 * Does it need no quotes, which monitors take away, and nothing else that a
 * monitor would take for its own?  Not if it is empty.
 */
bool shell_is_plain(const char *word, size_t n);

/* A blank, and the word as by shell_adds(), which tells what false is. */
bool shell_add_word(struct buf *, const char *word);

#endif
