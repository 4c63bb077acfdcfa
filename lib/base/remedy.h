/* SPDX-License-Identifier: GPL-3.0-or-later */
/* remedy.h - what to do about an error that no permission or path will mend */
#ifndef BASE_REMEDY_H
#define BASE_REMEDY_H

/*
 * What to do about an error that says that the process or the system has run
 * out of something, whatever the file was.  A constant text without a full
 * stop.  NULL: the cause of the error is the file itself.
 */
const char *remedy_of(int error);

#endif
