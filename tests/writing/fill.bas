REM Types texts into cells as a person does, through the dispatcher, and saves the file twice: as xlsx and as ods.
REM The lines of the plan: path of the workbook; path of the result without ending; then sheet, cell and text (or command), by tabs.
Sub Fill(plan As String)
  Dim number As Integer, source As String, target As String, entry As String, parts, document, frame, dispatcher
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  Dim one(0) As New com.sun.star.beans.PropertyValue
  number = FreeFile
  Open plan For Input As #number
  Line Input #number, source
  Line Input #number, target
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  document = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, hidden())
  frame = document.CurrentController.Frame
  dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
  Do While Not EOF(number)
    Line Input #number, entry
    parts = Split(entry, Chr(9))
    document.CurrentController.setActiveSheet(document.Sheets.getByName(parts(0)))
    one(0).Name = "ToPoint"
    one(0).Value = parts(1)
    dispatcher.executeDispatch(frame, ".uno:GoToCell", "", 0, one())
    If Left(parts(2), 5) = ".uno:" Then
      dispatcher.executeDispatch(frame, parts(2), "", 0, Array())
    Else
      one(0).Name = "StringName"
      one(0).Value = parts(2)
      dispatcher.executeDispatch(frame, ".uno:EnterString", "", 0, one())
    End If
  Loop
  Close #number
  one(0).Name = "FilterName"
  one(0).Value = "Calc MS Excel 2007 XML"
  document.storeToURL(ConvertToURL(target & ".xlsx"), one())
  one(0).Value = "calc8"
  document.storeToURL(ConvertToURL(target & ".ods"), one())
  document.close(True)
End Sub
