package casework

// Statement is a reading of the store by name, for those who measure what row-level security costs it and which index
// it uses. List tells those whose work grows with the register.
type Statement struct {
	Name, SQL string
	List      bool
}

// Statements are the readings of the store. They take named arguments.
func Statements() []Statement {
	return []Statement{
		{"case", selectCase, false},
		{"facts of a case", selectFacts, false},
		{"leads above the handler", selectAbove, false},
		{"key", selectKey, false},
		{"case page", selectMain, true},
		{"consultation", selectConsultation, false},
		{"investigation", selectInvestigation, false},
		{"course of events", selectCourse, false},
		{"locked texts", listVersions, false},
		{"causes", selectCauses, false},
		{"measures", selectMeasures, false},
		{"feedbacks", selectFeedbacks, false},
		{"messages", selectMessages, false},
		{"referral", selectReferral, false},
		{"board", selectBoard, false},
		{"events", listEvents, false},
		{"told", selectTold, false},
		{"similar cases with measures", listSimilar, true},
		{"links", listLinks, false},
		{"hold", selectHold, false},
		{"last act", selectLastAct, false},
		{"case by number", selectByNumber, false},
		{"duplicates", listDuplicates, true},
		{"open cases", listOpenCases, true},
		{"all cases", listAllCases, true},
		{"counts", countCases, true},
		{"queue", listQueue, true},
		{"queue's length", countQueue, true},
		{"registered today", countRegisteredToday, true},
		{"own reports", listOwn, true},
		{"own replies", listOwnReplies, true},
		{"open consultations", listOpenConsultations, true},
		{"measures of all cases", listMeasures, true},
	}
}
