#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# faults.t - system calls that fail, one after the other, in every program that
# reads: the answer is right, or it is told that it is not
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Faults;
use MQ::Scenes;
use Test::More;

BEGIN { need('strace', 'timeout') }

my $dir = tempdir();
try_faults($dir, reading_scenes($dir));
done_testing;
