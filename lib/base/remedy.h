/* SPDX-License-Identifier: GPL-3.0-or-later */
/* remedy.h - what to do about an error that no permission or path will mend */
#ifndef BASE_REMEDY_H
#define BASE_REMEDY_H

/*
 * For errors of a process or a system that has run out of something, whatever
 * file it was about; a constant text, without a full stop.  NULL: the file is
 * what to look at.
 */
const char *remedy_of(int error);

#endif
