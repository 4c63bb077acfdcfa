# SPDX-License-Identifier: GPL-3.0-or-later
# SoakChange.pm - qflush and qblock at work, and whether all is accounted for
#
# What qflush did to a message is known from its journal, and has to be what
# the queue looks like: every message that was ever made is in one place, or
# was delivered, or deleted. qblock's blocks are known from what it was told.
package MQ::SoakChange;
use strict;
use warnings;

use Digest::MD5 qw(md5_hex);
use JSON::PP;
use MQ;
use MQ::Flush;
use POSIX ();

# What to do with the flood, and where its messages are afterwards.
my %KIND = (hold => 'h', release => 'q', move => 'm', restore => 'q',
    delete => undef);
my $OURS = "Connect:198.51.100\tRELAY\n";

sub new {
	my ($class, %all) = @_;
	my $dir = $all{dir};
	my $self = bless {%all, q => ['-q', $all{queue}], access =>
	    "$dir/access", moved => "$dir/moved", journal => "$dir/journal",
	    at => 0, turn => 0, blocks => {}}, $class;
	my $makemap = srcdir() . '/t/lib/makemap';
	$self->{map} = ['--map', $self->{access}, '--makemap', $makemap];
	spew($self->{access}, $OURS);
	run({stdin => $OURS}, $makemap, 'hash', $self->{access})->{code} == 0
	    or die "makemap failed\n";
	return $self;
}

# --- qflush ------------------------------------------------------------------

sub _qflush {
	my ($self, @args) = @_;
	return ('qflush', @{$self->{q}}, '--journal', $self->{journal}, @args);
}

# One action after the other, in the background.
sub start_qflush {
	my ($self) = @_;
	my @all = ('--max', '100%', SPAMMER);
	my @actions = (['--yes', @all], ['--yes', '--release', SPAMMER],
	    ['--yes', '--move', $self->{moved}, @all],
	    [@all],
	    ['--yes', '--restore', $self->{moved}],
	    ['--yes', '--rescan', 3, '--pause', '0s', @all],
	    ['--yes', '--held', '--move', $self->{moved}, @all],
	    ['--yes', '--restore', $self->{moved}, SPAMMER],
	    ['--yes', '--held', '--delete', @all],
	    ['--yes', '--delete', @all]);
	my $args = $actions[$self->{turn}++ % @actions];
	$self->{what} = "qflush @$args";
	$self->{running} = $self->{soak}->start($self->_qflush(@$args));
}

# Messages that are busy or have left are no error, but exit status 1.
sub finish_qflush {
	my ($self) = @_;
	my $r = $self->{soak}->finish(delete $self->{running});
	$self->{soak}->check($r->{code} <= 1 && $r->{err} eq '',
	    $self->{what}, "status $r->{code}", $r->{err}, $r->{out});
	$self->{churn}->mark;
	$self->_read_journal;
}

# All of the flood, while nothing else happens, and back again.
sub hold_all {
	my ($self) = @_;
	my ($soak, $churn) = @$self{qw(soak churn)};
	for my $row (['q', 'held', '--max', '100%'], ['h', 'released',
	    '--release']) {
		my ($kind, $did, @args) = @$row;
		my %spam = $churn->messages(1);
		my $n = grep { $_->{kind} eq $kind } values %spam;
		my $r = $soak->run_program($self->_qflush('--yes', @args,
		    SPAMMER));
		my ($got) = $r->{out} =~ /\A$did (\d+) messages?/;
		$soak->check($r->{code} == 0 && $r->{err} eq '',
		    "qflush: $did", "status $r->{code}", $r->{err},
		    $r->{out});
		$soak->equal($got, $n, "qflush: $did");
		$self->_read_journal;
		$self->account;
	}
}

# What was added to the journal, and is what the model says afterwards.
sub _read_journal {
	my ($self) = @_;
	my $soak = $self->{soak};
	open my $fh, '<', $self->{journal} or return;
	seek $fh, $self->{at}, 0;
	while (<$fh>) {
		$self->{at} += length;
		chomp;
		my ($time, $action, $dir, $id, $relay, undef, undef, $result) =
		    my @fields = split /\t/, $_, -1;
		$soak->check(@fields == 8 && $time =~
		    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'journal: a line',
		    $_);
		$result =~ s/ +\z//;
		$self->_begin_or_end($action, $result), next if $id eq '-';
		$soak->check($result =~ /^(?:done|gone|busy|failed|undone)$/
		    && exists $KIND{$action} && $relay eq SPAMMER,
		    'journal: what was done', $_);
		next if $result ne 'done';
		$soak->check($self->{churn}->qflushed($id, $KIND{$action}),
		    'journal: a message that is there', $_);
	}
	$soak->equal($self->{begun} // 0, 0, 'journal: each run ended');
}

# Only one runs at a time.
sub _begin_or_end {
	my ($self, $action) = @_;
	$self->{begun} += {begin => 1, end => -1}->{$action} // 9;
	$self->{soak}->check($self->{begun} =~ /^[01]$/, 'journal: runs',
	    $action);
}

# Old ones stay, and are looked at no more.
sub rotate_journal {
	my ($self) = @_;
	return if (-s $self->{journal} // 0) < 512 << 10;
	rename $self->{journal}, "$self->{journal}.1" or die "rename: $!\n";
	$self->{at} = 0;
}

# --- what is where -------------------------------------------------------------

# Every file is one that the model has, and the other way round, to the byte.
sub account {
	my ($self) = @_;
	my ($soak, $churn) = @$self{qw(soak churn)};
	my %all = ($churn->messages(0), $churn->messages(1));
	my (%expected, %got, @wrong);
	for my $id (keys %all) {
		my $kind = $all{$id}{kind};
		my ($at, $name) = $kind eq 'm' ? ('moved', 'q') :
		    ('queue', $kind =~ tr/i/q/r);
		$expected{"$at/$name" . "f$id"} = $all{$id};
		$expected{"$at/df$id"} = undef;
	}
	for my $dir ([$self->{queue}, 'queue'], map { [$_, 'moved'] } grep {
	    -d } glob "$self->{moved}/*") {
		$got{"$dir->[1]/$_"} = "$dir->[0]/$_"
		    for $self->_entries($dir->[0]);
	}
	push @wrong, map { "$_ is missing" } grep { !exists $got{$_} }
	    sort keys %expected;
	push @wrong, map { "$_ is from nowhere" } grep { !exists $expected{$_} }
	    sort keys %got;
	# The text of a moved one may be that of a held one.
	for (sort grep { $expected{$_} && exists $got{$_} } keys %expected) {
		next if $expected{$_}{kind} =~ /[it]/;
		my $text = slurp($got{$_}) =~ s/^qqflush: .*\n(?=S)//mr;
		push @wrong, "$_ has another text"
		    if md5_hex($text) ne $expected{$_}{md5};
	}
	$soak->check(!@wrong, 'every message is where it should be',
	    scalar(@wrong) . ' are not', @wrong[0 .. ($#wrong < 4 ? $#wrong :
	    4)]);
}

sub _entries {
	my ($self, $dir) = @_;
	opendir my $dh, $dir or return;
	return grep { !/^\.\.?$/ } readdir $dh;
}

# --- qblock --------------------------------------------------------------------

sub _qblock {
	my ($self, $code, @args) = @_;
	my $r = $self->{soak}->run_program('qblock', @args, @{$self->{map}});
	$self->{soak}->check($r->{code} == $code && $r->{err} eq '',
	    "qblock @args", "status $r->{code}, expected $code", $r->{err});
	return $r->{out};
}

# A block that stays, one that ends at once, and one is taken away; some
# twenty are there in the end.
sub qblock {
	my ($self) = @_;
	my ($soak, $blocks) = @$self{qw(soak blocks)};
	my $n = $self->{blocked}++ % 40;
	my ($new, $short) = ("203.0.113.$n", "203.0.113." . ($n + 100));
	my $old = "203.0.113." . ($n + 20) % 40;
	$self->_qblock(0, 'add', $new, '--yes');
	$self->_qblock(0, 'add', $short, '--yes', '--expire', '1s', '--reason',
	    'soak');
	$blocks->{$_} = 1 for $new, $short;
	$self->_qblock(0, 'remove', $old, '--yes');
	delete $blocks->{$old};
	wait_for(sub { decode_json($self->_qblock(0, 'list', '--json'))->
	    {blocks}[-1]{expired} }, 'the end of a block');
	$self->_qblock(0, 'expire', '--yes', '--quiet');
	delete $blocks->{$short};
	$self->_qblock(0, 'check', $new);
	$self->_qblock(1, 'check', $old);
	my $list = decode_json($self->_qblock(0, 'list', '--json'));
	my $expected = join ' ', sort keys %$blocks;
	$soak->equal(join(' ', sort map { $_->{client} } @{$list->{blocks}}),
	    $expected, 'qblock list');
	my @map = split /\n/, slurp("$self->{access}.db");
	$soak->equal(join(' ', sort map { /^connect:(\S+)\tREJECT$/ } @map),
	    $expected, 'the map has the same');
	$soak->check(slurp($self->{access}) =~ /\A\Q$OURS\E/ && grep({ $_ eq
	    lcfirst $OURS =~ s/\n//r } @map), 'and what was there before');
}

1;
